import initialize from './parallel/initialize.py';
import layers from './parallel/layers.py';
import megatron from './parallel/megatron.py';
import { library, type LibraryGroups } from './library-file.js';

const files = library('parallel', { initialize, layers, megatron });

/** Layers split over processes, as they are on one: fairscale and Megatron. */
export const parallelGroups: LibraryGroups = {
  'fairscale.nn.model_parallel': files('initialize', 'layers'),
  'fairscale.nn.model_parallel.initialize': files('initialize'),
  'fairscale.nn.model_parallel.layers': files('layers'),
  'fairscale.nn.model_parallel.mappings': files('initialize'),
  'fairscale.nn.model_parallel.random': files('initialize'),
  'fairscale.nn.model_parallel.utils': files('initialize'),
  'megatron.core.parallel_state': files('initialize'),
  'megatron.core.tensor_parallel': files('megatron', 'initialize'),
  'megatron.core.tensor_parallel.layers': files('megatron'),
  'megatron.mpu': files('megatron', 'initialize'),
};
