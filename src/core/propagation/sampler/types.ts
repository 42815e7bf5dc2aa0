/**
 * One random weight matrix W (outputs×inputs) of a finite-width run, seen only through what it does to vectors.
 * A dense one holds W; a sampled one draws W·x in distribution without ever holding it, and remembers what it has
 * said so that all its answers belong to one W. Vectors are rows: x is columns×features, as in torch.
 */
export interface LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  /** z (columns×outputs) = x·Wᵀ. Called again (tied weights), it answers with the same W. Returns the number of this use. */
  forward(x: Float32Array, columns: number, z: Float32Array): number;
  /** g (columns×inputs) = δ·W, δ (columns×outputs) being the gradient at the output of the given use. */
  backward(use: number, delta: Float32Array, g: Float32Array): void;
  /** Mean over W's entries of (dW)², dW the sum over all uses so far of δᵀx. */
  weightGradientMeanSquare(): number;
  /** Frees what it holds. */
  dispose(): void;
}
