import { builtinClasses } from '../../../../python/library/index.js';
import { Float, native, NativeFunction, type Runtime, type Value } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import { cpu } from '../../device.js';
import { dtypeClass, dtypes, dtypeValue, DTypeValue } from '../../dtype.js';
import type { DType } from '../../tensor.js';
import { numberOf } from '../kit/values.js';
import { answers, decorator, passThrough } from './contexts.js';
import { gradSwitches } from './grad-contexts.js';
import { finfo, iinfo } from './number-info.js';
import { Settings } from './settings.js';

/** torch.xxx that has to do with the machine, autograd or numbers as such. */
export const environment: Record<string, Value> = {
  ...dtypes,
  ...gradSwitches,
  ...passThrough('autocast'),
  ...answers(
    false,
    'are_deterministic_algorithms_enabled',
    'is_inference_mode_enabled',
    'is_autocast_enabled',
    'is_inference',
    'is_autocast_cache_enabled',
  ),
  ...answers(
    null,
    'set_default_dtype',
    'set_default_tensor_type',
    'set_default_device',
    'set_num_threads',
    'set_num_interop_threads',
    'set_printoptions',
    'set_float32_matmul_precision',
    'use_deterministic_algorithms',
    'set_rng_state',
    'get_rng_state',
    'save',
    'set_flush_denormal',
    '_assert',
    '_check',
    'clear_autocast_cache',
    '_log_api_usage_once',
  ),
  manual_seed: native('manual_seed', 'seed', ({ seed }, rt) => {
    torchState().generator.reseed(numberOf(seed), rt.here);
    return null;
  }),
  seed: native('seed', '', (_a, rt) => {
    torchState().generator.reseed(undefined, rt.here);
    return 0;
  }),
  ...answers(0, 'initial_seed'),
  ...answers(1, 'get_num_threads'),
  get_default_dtype: new NativeFunction('get_default_dtype', () => dtypeValue('float'), true),
  get_default_device: new NativeFunction('get_default_device', () => cpu, true),
  get_autocast_gpu_dtype: new NativeFunction('get_autocast_gpu_dtype', () => dtypes['float16']!, true),
  get_autocast_dtype: new NativeFunction('get_autocast_dtype', () => dtypes['float16']!, true),
  load: new NativeFunction('load', (rt) => rt.unknown('what torch.load reads from a file', 'torch.load(…)'), true),
  OutOfMemoryError: builtinClasses.Exception,
  finfo,
  iinfo,
  dtype: dtypeClass,
  Size: builtinClasses.tuple,
  compile: decorator('compile'),
  pi: new Float(Math.PI),
  e: new Float(Math.E),
  inf: new Float(Infinity),
  nan: new Float(NaN),
  newaxis: null,
  strided: 'torch.strided',
  sparse_coo: 'torch.sparse_coo',
  contiguous_format: 'torch.contiguous_format',
  channels_last: 'torch.channels_last',
  channels_last_3d: 'torch.channels_last_3d',
  preserve_format: 'torch.preserve_format',
  per_tensor_affine: 'torch.per_tensor_affine',
  __version__: '2.13.0',
  Generator: new NativeFunction(
    'Generator',
    () =>
      new Settings({
        ...answers(null, 'seed', 'get_state', 'set_state'),
        manual_seed: new NativeFunction('manual_seed', (_rt, args) => args[0] ?? null, true),
      }),
    true,
  ),
  typename: native('typename', 'obj', ({ obj }, rt: Runtime) => rt.classOf(obj).name),
  promote_types: native('promote_types', 'type1, type2', ({ type1, type2 }) =>
    kind(type1) === 'float' ? type1 : type2,
  ),
  result_type: native('result_type', 'tensor1, tensor2', () => dtypeValue('float')),
  can_cast: native('can_cast', 'from_, to', () => true),
};

function kind(v: Value): DType | undefined {
  return v instanceof DTypeValue ? v.kind : undefined;
}
