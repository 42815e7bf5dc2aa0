import { SELU_ALPHA, SELU_SCALE } from './activations/index.js';

/**
 * Alpha dropout (Klambauer et al. 2017): what is dropped takes SELU's lower bound, then all is multiplied by `factor` and
 * moved by `offset`, so that mean 0 and variance 1 stay. Gradients pass what was kept only, times `factor`: less than
 * they were.
 */
export function alphaDropout(p: number): { readonly low: number; readonly factor: number; readonly offset: number } {
  const low = -SELU_ALPHA * SELU_SCALE;
  const factor = 1 / Math.sqrt((1 - p) * (1 + p * low * low));
  return { low, factor, offset: -factor * p * low };
}
