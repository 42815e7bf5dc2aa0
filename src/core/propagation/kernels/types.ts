import type { Constants } from '../activations/index.js';

/**
 * The numeric kernels that the finite-width engines run on: WebAssembly SIMD where there is any, the same in
 * TypeScript elsewhere. Matrices are row-major. Arrays must come from `allocate` of the same `Kernels`.
 */
export interface Kernels {
  readonly kind: 'wasm' | 'typescript';
  /** Zeroed array of `length` floats. Throws `OutOfMemory` past the limit this instance was made with. */
  allocate(length: number): Float32Array;
  /** The same holding whatever was there before: for arrays that are written before they are read. */
  reserve(length: number): Float32Array;
  allocateDoubles(length: number): Float64Array;
  /** Gives arrays back, so that later ones can take their place. */
  free(...arrays: readonly (Float32Array | Float64Array)[]): void;
  /** Bytes in use now, and the most there ever were. */
  readonly bytes: { readonly used: number; readonly peak: number };

  /** C (m×n) = α·op(A)·op(B) + β·C, op being the transpose where asked. Shapes: op(A) m×k, op(B) k×n. */
  multiply(options: {
    readonly a: Float32Array;
    readonly b: Float32Array;
    readonly c: Float32Array;
    readonly m: number;
    readonly n: number;
    readonly k: number;
    readonly transposeA?: boolean;
    readonly transposeB?: boolean;
    /** op(A) is lower triangular, with zeros above its diagonal: spares the work on them (without `transposeB`). */
    readonly triangular?: boolean;
    readonly alpha?: number;
    readonly beta?: number;
  }): void;
  /**
   * Gram matrix (rows×rows, full, doubles) of the rows of x (rows×columns); sums in double precision. 'single' may
   * multiply in single precision (good to about 1e-6 of the diagonal), which takes half the time.
   */
  gram(x: Float32Array, rows: number, columns: number, out: Float64Array, precision?: 'single' | 'double'): void;

  /** The same as `multiply` on small matrices of doubles. */
  multiplyDoubles(options: {
    readonly a: Float64Array;
    readonly b: Float64Array;
    readonly c: Float64Array;
    readonly m: number;
    readonly n: number;
    readonly k: number;
    readonly transposeA?: boolean;
    readonly transposeB?: boolean;
    readonly triangular?: boolean;
    readonly alpha?: number;
    readonly beta?: number;
  }): void;
  /**
   * Lower Cholesky factor of a (n×n) in place, zero above the diagonal. Answers the smallest ratio of a pivot to its
   * diagonal entry; stops there, a half done, once that ratio is not above `least`.
   */
  cholesky(a: Float64Array, n: number, least: number): number;
  /** out = l⁻¹ for lower triangular l (n×n). */
  invertLower(l: Float64Array, n: number, out: Float64Array): void;

  /** Sets the generator's state from a 32-bit seed and a stream's number: equal seeds give equal numbers. */
  seed(seed: number, stream: number): void;
  /** Fills with iid N(mean, std²). */
  normal(out: Float32Array, mean: number, std: number): void;
  /** Fills with iid uniforms on [low, high). */
  uniform(out: Float32Array, low: number, high: number): void;

  /**
   * y = f(x) for an activation of core/propagation/activations, with its constants where they differ from torch's; f′(x)
   * into `slope` where given. y may be x. False: there is no such activation.
   */
  activate(name: string, x: Float32Array, y: Float32Array, slope?: Float32Array, constants?: Constants): boolean;
  /** out += α·x, elementwise. */
  addScaled(out: Float32Array, x: Float32Array, alpha: number): void;
  /** x *= factor, in place. */
  scale(x: Float32Array, factor: number): void;
  /** out = a·b, elementwise. */
  multiplyElements(a: Float32Array, b: Float32Array, out: Float32Array): void;
  /** out = g·(a + b·y + c·y²), entry by entry; may be one array. */
  multiplyByQuadratic(
    g: Float32Array,
    y: Float32Array,
    out: Float32Array,
    coefficients: readonly [a: number, b: number, c: number],
  ): void;
  /** Σx and Σx² in double precision. */
  sums(x: Float32Array): { readonly sum: number; readonly squares: number };
}

export class OutOfMemory extends Error {
  constructor(
    readonly wanted: number,
    readonly limit: number,
  ) {
    super(
      `needs ${String(Math.ceil(wanted / 2 ** 20))} MB, more than the ${String(Math.floor(limit / 2 ** 20))} MB allowed`,
    );
  }
}
