/**
 * One random weight matrix W (outputs×inputs) of a finite-width run, seen only through what it does to vectors.
 * A dense one holds W; a sampled one draws W·x in distribution without ever holding it, and remembers what it has
 * said so that all its answers belong to one W. Vectors are rows: x is columns×features, as in torch.
 */
export interface LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  /**
   * z (columns×outputs) = x·Wᵀ. Called again (tied weights), it answers with the same W. Returns the number of this use.
   * `exponent`: x stands for x·2^exponent (and z for z·2^exponent), so that scales beyond floats can be followed.
   */
  forward(x: Float32Array, columns: number, z: Float32Array, exponent?: number): number;
  /** g (columns×inputs) = δ·W, δ (columns×outputs) being the gradient at the output of the given use; the same of `exponent`. */
  backward(use: number, delta: Float32Array, g: Float32Array, exponent?: number): void;
  /** Mean over W's entries of (dW)², dW the sum over all uses so far of δᵀx. */
  weightGradientMeanSquare(): number;
  /** Its binary logarithm, for when it leaves the range of doubles; −∞ where there is no gradient. */
  weightGradientLog2MeanSquare(): number;
  /** Frees what it holds. */
  dispose(): void;
}

export interface LinearMapOptions {
  readonly inputs: number;
  readonly outputs: number;
  /**
   * May it be used more than once, forward or backward? Default true. False saves memory, since a map then forgets what
   * only a second use would need; such a use throws.
   */
  readonly reused?: boolean;
  /**
   * The caller leaves x and δ as they are until `dispose`, or, where it is not reused, x until `backward` has answered: they
   * needn't be copied. Default false.
   */
  readonly keepsInputs?: boolean;
}
