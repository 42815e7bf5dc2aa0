import { EXPONENTIALS } from './exponentials.js';
import { FUNCTIONS } from './functions.js';
import { RECTIFIERS } from './rectifiers.js';
import { SIGMOIDS } from './sigmoids.js';
import type { Activation, Constants } from './types.js';

const TABLE: ReadonlyMap<string, Activation> = new Map(
  [...RECTIFIERS, ...EXPONENTIALS, ...SIGMOIDS, ...FUNCTIONS].map((a) => [a.name, a]),
);

/** Other spellings: torch modules and functions, Keras, JAX. All lower case. */
const ALIASES: Readonly<Record<string, readonly [name: string, constants?: Constants]>> = {
  linear: ['identity'],
  leakyrelu: ['leaky_relu'],
  swish: ['silu'],
  hard_swish: ['hardswish'],
  hard_silu: ['hardswish'],
  hardsigmoid: ['hard_sigmoid'],
  hard_tanh: ['hardtanh'],
  hard_shrink: ['hardshrink'],
  soft_shrink: ['softshrink'],
  tanh_shrink: ['tanhshrink'],
  logsigmoid: ['log_sigmoid'],
  gelu_new: ['gelu_tanh'],
  gelu_erf: ['gelu'],
  exponential: ['exp'],
  relu2: ['squared_relu'],
  relu_squared: ['squared_relu'],
  sine: ['sin'],
  arctan: ['atan'],
  soft_sign: ['softsign'],
};

/** The activation of that name (any case, any common spelling); undefined when there is none. */
export function activationNamed(name: string): Activation | undefined {
  const key = name.toLowerCase();
  const direct = TABLE.get(key);
  if (direct !== undefined) return direct;
  const alias = ALIASES[key];
  return alias === undefined ? undefined : TABLE.get(alias[0]);
}

export const ACTIVATIONS: readonly Activation[] = [...TABLE.values()];

/** Spellings of constants that frameworks use, and the name they have here. */
const CONSTANT_NAMES: Readonly<Record<string, string>> = {
  negative_slope: 'slope',
  lambd: 'lambda',
  min_val: 'low',
  max_val: 'high',
  omega_0: 'omega',
  w0: 'omega',
};

/** The activation's defaults overridden by what was given. */
export function constantsOf(activation: Activation, given: Constants): Constants {
  const entries = Object.entries(given);
  if (entries.length === 0) return activation.constants;
  const merged: Record<string, number> = { ...activation.constants };
  for (const [name, value] of entries) {
    // LeakyReLU's slope is `alpha` in Keras 2; ELU's alpha is its own.
    const own =
      name in merged ? name : (CONSTANT_NAMES[name] ?? (name === 'alpha' && 'slope' in merged ? 'slope' : name));
    merged[own] = value;
  }
  return merged;
}
