import { activationNamed, constantsOf, SELU_ALPHA, SELU_SCALE, type Constants } from '../activations/index.js';

/** Number of a kernel in src/wasm/activations.ts and the constants it takes. */
export interface ActivationCode {
  readonly kind: number;
  readonly constants: readonly number[];
}

type Coded = readonly [kind: number, constants?: (c: Constants) => readonly number[]];

const LEAKY = 0;
const CLAMP = 1;
const TANH = 2;
const SILU = 4;
const EXPONENTIAL_UNIT = 7;
const SOFTPLUS = 8;
const SINE = 14;
const COSINE = 15;

const slope = (c: Constants): readonly number[] => [c['slope'] ?? 0];

const CODES: Readonly<Record<string, Coded>> = {
  identity: [LEAKY, () => [1]],
  abs: [LEAKY, () => [-1]],
  relu: [LEAKY, () => [0]],
  leaky_relu: [LEAKY, slope],
  prelu: [LEAKY, slope],
  rrelu: [LEAKY, (c) => [((c['lower'] ?? 0) + (c['upper'] ?? 0)) / 2]],
  relu6: [CLAMP, () => [0, 6, 1, 0]],
  hardtanh: [CLAMP, (c) => [c['low'] ?? -1, c['high'] ?? 1, 1, 0]],
  hard_sigmoid: [CLAMP, (c) => [0, 1, c['slope'] ?? 1 / 6, 0.5]],
  // a·tanh(bz) with slope ab − (b/a)·y².
  tanh: [TANH, () => [1, 1, 1, 1]],
  lecun_tanh: [TANH, () => [1.7159, 2 / 3, (1.7159 * 2) / 3, 2 / 3 / 1.7159]],
  sigmoid: [3],
  silu: [SILU, (c) => [c['beta'] ?? 1]],
  quick_gelu: [SILU, () => [1.702]],
  gelu: [5],
  gelu_tanh: [6],
  elu: [EXPONENTIAL_UNIT, (c) => [1, c['alpha'] ?? 1, 1]],
  celu: [EXPONENTIAL_UNIT, (c) => [1, c['alpha'] ?? 1, 1 / (c['alpha'] ?? 1)]],
  selu: [EXPONENTIAL_UNIT, () => [SELU_SCALE, SELU_ALPHA, 1]],
  softplus: [SOFTPLUS, (c) => [c['beta'] ?? 1, c['threshold'] ?? 20, 1 / (c['beta'] ?? 1)]],
  log_sigmoid: [9],
  mish: [10],
  hardswish: [11],
  squared_relu: [12],
  softsign: [13],
  sin: [SINE, (c) => [c['omega'] ?? 1]],
  cos: [COSINE, (c) => [c['omega'] ?? 1]],
  square: [16],
  exp: [17],
  erf: [18],
};

/** The kernel for an activation by any of its spellings; undefined where there is none. */
export function activationCode(name: string, given: Constants | undefined): ActivationCode | undefined {
  const activation = activationNamed(name);
  const coded = activation === undefined ? undefined : CODES[activation.name];
  if (activation === undefined || coded === undefined) return undefined;
  return { kind: coded[0], constants: coded[1]?.(constantsOf(activation, given ?? {})) ?? [] };
}
