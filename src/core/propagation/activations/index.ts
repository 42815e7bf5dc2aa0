export * from './types.js';
export { ACTIVATIONS, activationNamed, constantsOf } from './table.js';
export {
  activationMoments,
  activationPair,
  kinksOf,
  momentsByQuadrature,
  saturatedShare,
  summarize,
  varianceMapSlope,
  type ActivationSummary,
} from './moments.js';
export { SELU_ALPHA, SELU_SCALE } from './exponentials.js';
