import { builtinClasses } from '../../../../python/library/index.js';
import {
  Float,
  native,
  NativeFunction,
  NativeObject,
  Tuple,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import { cpu } from '../../device.js';
import { dtypeClass, dtypes, dtypeValue, DTypeValue } from '../../dtype.js';
import type { DType } from '../../tensor.js';
import { answers, decorator, identities, passThrough } from './contexts.js';

/** Attributes that can be read and set, and functions that answer as a CPU build does. */
class Settings extends NativeObject {
  readonly typeName = 'module';
  constructor(private readonly values: Readonly<Record<string, Value>>) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }
  override setAttribute(): boolean {
    return true;
  }
}

/** torch.finfo and torch.iinfo. */
class NumberInfo extends NativeObject {
  readonly typeName = 'finfo';
  constructor(private readonly fields: Readonly<Record<string, Value>>) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    return this.fields[name];
  }
}

const FLOATS: Readonly<Record<string, readonly [max: number, tiny: number, eps: number]>> = {
  float16: [65504, 6.103515625e-5, 9.765625e-4],
  bfloat16: [3.3895313892515355e38, 1.1754943508222875e-38, 0.0078125],
  float64: [Number.MAX_VALUE, 2.2250738585072014e-308, 2 ** -52],
};
const FLOAT32 = [3.4028234663852886e38, 1.1754943508222875e-38, 2 ** -23] as const;

const finfo = native('finfo', 'type=None', ({ type }) => {
  const name = type instanceof DTypeValue ? type.name : 'float32';
  const [max, tiny, eps] = FLOATS[name] ?? FLOAT32;
  const fields = {
    max: new Float(max),
    min: new Float(-max),
    tiny: new Float(tiny),
    smallest_normal: new Float(tiny),
    eps: new Float(eps),
  };
  return new NumberInfo({
    ...fields,
    bits: type instanceof DTypeValue ? type.bits : 32,
    resolution: new Float(1e-6),
    dtype: name,
  });
});

const iinfo = native('iinfo', 'type=None', ({ type }) => {
  const bits = type instanceof DTypeValue ? type.bits : 64;
  const unsigned = type instanceof DTypeValue && type.name.startsWith('uint');
  const max = 2 ** (unsigned ? bits : bits - 1) - 1;
  return new NumberInfo({
    max,
    min: unsigned ? 0 : -max - 1,
    bits,
    dtype: type instanceof DTypeValue ? type.name : 'int64',
  });
});

export const cuda: Record<string, Value> = {
  ...answers(false, 'is_available', 'is_initialized', 'is_bf16_supported', 'is_current_stream_capturing'),
  ...answers(
    0,
    'device_count',
    'current_device',
    'memory_allocated',
    'max_memory_allocated',
    'memory_reserved',
    'max_memory_reserved',
    'get_rng_state',
  ),
  ...answers(
    null,
    'synchronize',
    'empty_cache',
    'set_device',
    'manual_seed',
    'manual_seed_all',
    'init',
    'reset_peak_memory_stats',
    'set_rng_state',
    'ipc_collect',
    'reset_max_memory_allocated',
  ),
  ...answers('cpu', 'get_device_name'),
  get_device_capability: new NativeFunction('get_device_capability', () => new Tuple([8, 0]), true),
  ...passThrough('device', 'stream', 'Stream', 'Event', 'current_stream', 'graph'),
};

const amp: Record<string, Value> = {
  ...passThrough('autocast', 'GradScaler'),
  custom_fwd: decorator('custom_fwd'),
  custom_bwd: decorator('custom_bwd'),
};

const cudnn = new Settings({
  benchmark: false,
  deterministic: false,
  enabled: false,
  allow_tf32: false,
  ...answers(false, 'is_available'),
  ...answers(0, 'version'),
});
const matmulSettings = new Settings({ allow_tf32: false });
const cudaBackend = new Settings({
  matmul: matmulSettings,
  ...answers(false, 'is_built', 'flash_sdp_enabled', 'mem_efficient_sdp_enabled'),
  ...answers(null, 'enable_flash_sdp', 'enable_mem_efficient_sdp', 'enable_math_sdp'),
  ...passThrough('sdp_kernel'),
});
const unavailable = new Settings({ ...answers(false, 'is_available', 'is_built'), enabled: false });

const distributed: Record<string, Value> = {
  ...answers(
    false,
    'is_available',
    'is_initialized',
    'is_nccl_available',
    'is_torchelastic_launched',
    'is_mpi_available',
  ),
  ...answers(1, 'get_world_size'),
  ...answers(0, 'get_rank', 'get_node_local_rank'),
  ...answers(
    null,
    'init_process_group',
    'destroy_process_group',
    'barrier',
    'all_reduce',
    'broadcast',
    'all_gather',
    'reduce',
    'gather',
    'scatter',
    'new_group',
    'all_gather_object',
    'broadcast_object_list',
  ),
  ...answers('gloo', 'get_backend'),
  ReduceOp: new Settings({ SUM: 'sum', AVG: 'avg', MAX: 'max', MIN: 'min', PRODUCT: 'product' }),
  group: new Settings({ WORLD: null }),
};

const jit: Record<string, Value> = {
  ...Object.fromEntries(
    ['script', 'ignore', 'export', 'unused', 'script_method', 'interface', 'script_if_tracing'].map((n) => [
      n,
      decorator(n),
    ]),
  ),
  ...identities('trace', 'freeze', 'optimize_for_inference'),
  annotate: native('annotate', 'the_type, the_value', ({ the_value }) => the_value),
  isinstance: native(
    'isinstance',
    'obj, target',
    ({ obj, target }, rt: Runtime) => rt.isInstance(obj, target) ?? rt.unknown('a type'),
  ),
  ...answers(false, 'is_scripting', 'is_tracing'),
  ...answers(null, 'fork', 'wait', 'save'),
  ...passThrough('optimized_execution', 'strict_fusion'),
};

/** torch.xxx that has to do with the machine, autograd or numbers as such. */
export const environment: Record<string, Value> = {
  ...dtypes,
  ...passThrough('no_grad', 'enable_grad', 'inference_mode', 'set_grad_enabled', 'autocast'),
  ...answers(
    false,
    'are_deterministic_algorithms_enabled',
    'is_inference_mode_enabled',
    'is_autocast_enabled',
    'is_inference',
    'is_autocast_cache_enabled',
  ),
  ...answers(true, 'is_grad_enabled'),
  ...answers(
    null,
    'manual_seed',
    'seed',
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
  ...answers(0, 'initial_seed'),
  ...answers(1, 'get_num_threads'),
  get_default_dtype: new NativeFunction('get_default_dtype', () => dtypeValue('float'), true),
  get_default_device: new NativeFunction('get_default_device', () => cpu, true),
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

/** Modules of torch that only talk about the machine. */
export const environmentModules: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  'torch.cuda': cuda,
  'torch.cuda.amp': amp,
  'torch.cuda.amp.autocast_mode': amp,
  'torch.cuda.nvtx': { ...answers(null, 'range_push', 'range_pop', 'mark'), ...passThrough('range') },
  'torch.amp': amp,
  'torch.amp.autocast_mode': amp,
  'torch.cpu': { ...answers(true, 'is_available'), ...answers(1, 'device_count') },
  'torch.cpu.amp': amp,
  'torch.mps': { ...answers(null, 'manual_seed', 'empty_cache', 'synchronize'), ...answers(0, 'device_count') },
  'torch.xpu': { ...answers(false, 'is_available'), ...answers(0, 'device_count') },
  'torch.backends': {
    cudnn,
    cuda: cudaBackend,
    mps: unavailable,
    mkldnn: unavailable,
    openmp: unavailable,
    mkl: unavailable,
    opt_einsum: unavailable,
  },
  'torch.backends.cudnn': {
    benchmark: false,
    deterministic: false,
    enabled: false,
    allow_tf32: false,
    ...answers(false, 'is_available'),
  },
  'torch.backends.cuda': { matmul: matmulSettings, ...answers(false, 'is_built'), ...passThrough('sdp_kernel') },
  'torch.distributed': distributed,
  'torch.jit': jit,
  'torch.random': { ...answers(null, 'manual_seed', 'seed'), ...passThrough('fork_rng') },
  'torch.compiler': {
    disable: decorator('disable'),
    ...identities('allow_in_graph'),
    ...answers(false, 'is_compiling', 'is_dynamo_compiling', 'is_exporting'),
  },
  'torch._dynamo': {
    disable: decorator('disable'),
    allow_in_graph: decorator('allow_in_graph'),
    ...answers(false, 'is_compiling'),
    config: new Settings({}),
  },
  'torch.fx': { wrap: decorator('wrap') },
  'torch.onnx': { ...answers(false, 'is_in_onnx_export'), ...answers(null, 'export') },
  'torch.autograd': {
    ...passThrough('no_grad', 'enable_grad', 'set_grad_enabled', 'set_detect_anomaly', 'detect_anomaly'),
    Variable: new NativeFunction('Variable', (_rt, args) => args[0] ?? null, true),
  },
  'torch.autograd.profiler': passThrough('profile', 'record_function', 'emit_nvtx'),
  'torch.autograd.function': { once_differentiable: decorator('once_differentiable') },
  'torch.profiler': {
    ...passThrough('profile', 'record_function', 'schedule'),
    ProfilerActivity: new Settings({ CPU: 0, CUDA: 1 }),
  },
  'torch.overrides': {
    ...answers(false, 'has_torch_function', 'has_torch_function_unary', 'has_torch_function_variadic'),
  },
  'torch.nn.attention': {
    ...passThrough('sdpa_kernel'),
    SDPBackend: new Settings({ FLASH_ATTENTION: 1, EFFICIENT_ATTENTION: 2, MATH: 0, CUDNN_ATTENTION: 3 }),
  },
};
