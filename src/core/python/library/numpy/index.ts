export { DType } from './dtypes.js';
export { asArray } from './convert.js';
export { NdArray, toLists } from './ndarray.js';
