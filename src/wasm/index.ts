export { activate } from './activations';
export { scratchBytes, scratchStart, setScratch } from './common';
export { cholesky, invertLower, multiplyDoubles } from './doubles';
export { addScaled, multiplyByQuadratic, multiplyElements, scale, sums } from './elementwise';
export { addDoubles, gram } from './gram';
export { multiply } from './matrix';
export { normal, uniform } from './random';
