import { native, NativeFunction, Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import { tensorTypes } from '../tensor/class.js';
import { tensorsIn } from '../kit/values.js';
import { opaque } from '../kit/make.js';
import { answers, decorator, identities, passThrough } from './contexts.js';
import { gradSwitches } from './grad-contexts.js';
import { Annotation, Settings } from './settings.js';

const cuda: Record<string, Value> = {
  ...tensorTypes,
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
  Final: new Annotation(),
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

/** `torch.autograd.grad(outputs, inputs)`: tensors of the inputs' shapes. */
const gradients = native('grad', 'outputs, inputs, grad_outputs=None, **kwargs', ({ outputs, inputs }, rt) => {
  const from = tensorsIn([outputs]);
  const reason = 'gradients computed in forward';
  const all = tensorsIn([inputs]).map((t) => opaque(rt, 'grad', reason, [...from, t], { shape: t.shape }));
  return new Tuple(all);
});

/** Modules of torch that only talk about the machine. */
export const machineModules: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
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
    ...gradSwitches,
    ...passThrough('set_detect_anomaly', 'detect_anomaly'),
    grad: gradients,
    backward: new NativeFunction('backward', () => null, true),
    Variable: new NativeFunction('Variable', (_rt, args) => args[0] ?? null, true),
  },
  'torch.autograd.grad_mode': gradSwitches,
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
