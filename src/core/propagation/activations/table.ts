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

/** By activation: the constants it was asked for with, each set once. */
const SETS = new Map<Activation, Constants[]>();
const MOST_SETS = 32;

/** The same object for the same constants: what is kept by them is then found again at every layer. */
function shared(activation: Activation, constants: Constants): Constants {
  if (sameConstants(constants, activation.constants)) return activation.constants;
  let sets = SETS.get(activation);
  if (sets === undefined || sets.length >= MOST_SETS) SETS.set(activation, (sets = []));
  const known = sets.find((c) => sameConstants(c, constants));
  if (known === undefined) sets.push(constants);
  return known ?? constants;
}

export function sameConstants(a: Constants, b: Constants): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

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
  return shared(activation, merged);
}
