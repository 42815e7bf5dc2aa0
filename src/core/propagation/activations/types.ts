/** Constants of an activation by name: `slope`, `alpha`, `low`, … */
export type Constants = Readonly<Record<string, number>>;

/**
 * Moments of φ(z) and φ′(z) for a Gaussian z. `second` is E[φ²], not the variance; `cross` is E[φφ′].
 * φ′ is the derivative almost everywhere: a jump (hardshrink, sign) is left out.
 */
export interface ActivationMoments {
  readonly mean: number;
  readonly second: number;
  readonly slopeMean: number;
  readonly slopeSecond: number;
  readonly cross: number;
}

/** E[φ(u)φ(v)] and E[φ′(u)φ′(v)] for a pair with equal means. */
export interface PairMoments {
  readonly value: number;
  readonly slope: number;
}

/** Two jointly normal pre-activations with the same mean: their variances (not standard deviations) and covariance. */
export interface GaussianPair {
  readonly mean: number;
  readonly varianceU: number;
  readonly varianceV: number;
  readonly covariance: number;
}

export interface Activation {
  /** The name used in `Operation.activation`. */
  readonly name: string;
  /** As a person writes it: `GELU (tanh)`. */
  readonly label: string;
  /** Constants with PyTorch's defaults. */
  readonly constants: Constants;
  value(z: number, c: Constants): number;
  derivative(z: number, c: Constants): number;
  /**
   * Both at every z, for activations that many curves pass through: φ and φ′ often come from one exponential, and a number
   * that a function answers with is one on the heap.
   */
  tabulate?(z: Float64Array, c: Constants, values: Float64Array, slopes: Float64Array): void;
  /** Where φ or φ′ is not smooth, so that quadrature must cut there. */
  kinks?(c: Constants): readonly number[];
  /** Closed form under N(mean, variance); undefined where it does not hold. */
  closed?(mean: number, variance: number, c: Constants): ActivationMoments | undefined;
  /** Closed form for a correlated pair; undefined where it does not hold. */
  closedPair?(pair: GaussianPair, c: Constants): PairMoments | undefined;
  /** φ(a·z) = a·φ(z) for a > 0: variance only scales, and the scale may leave the range of doubles. */
  readonly homogeneous?: boolean;
  /** Where the unit hardly passes any gradient any more. Absent: it does not saturate. */
  saturated?(z: number, c: Constants): boolean;
  /** What a reader should know about the frameworks' gain for it. */
  readonly gainNote?: string;
}
