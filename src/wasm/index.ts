export { activate } from './activations';
export { heapStart } from './common';
export { cholesky, invertLower, multiplyDoubles } from './doubles';
export { addScaled, multiplyByQuadratic, multiplyElements, scale, sums } from './elementwise';
export { gram } from './gram';
export { multiply } from './matrix';
export { normal, stateAddress, uniform } from './random';
