export {
  propagateMoments,
  type MomentsOptions,
  type Propagated,
  type PropagationResult,
  type ValueMoments,
} from './engine.js';
export { areAlike } from './alike.js';
export { isUnknown, type Unknown } from './types.js';
