/**
 * Modules of torch and of what comes with it that do nothing for a model's structure, by what they do instead: their
 * members are unknown, for that reason.
 */
const BY_REASON: Readonly<Record<string, string>> = {
  'changes weights after initialization': 'torch.optim torch.optim.lr_scheduler torch.optim.swa_utils',
  'loads data':
    'torch.utils.data torch.utils.data.distributed torchvision.datasets torchvision.datasets.utils torchvision.datasets.folder torchvision.io',
  'prepares data':
    'torchvision.transforms torchvision.transforms.functional torchvision.transforms.v2 torchvision.transforms.v2.functional torchvision.transforms.transforms torchvision.tv_tensors',
  'draws pictures': 'torchvision.utils',
  'writes logs': 'torch.utils.tensorboard torch.profiler torch.monitor torch.autograd.profiler torch.utils.benchmark',
  'runs processes side by side': 'torch.multiprocessing torch.futures torch.nn.parallel',
  'fetches files': 'torch.hub torch.utils.model_zoo',
  'looks at or rewrites a model': 'torch.fx torch.func torch.overrides torch.export torch.package torch.library',
  'changes numbers to integers':
    'torch.quantization torch.ao torch.ao.quantization torch.nn.quantized torch.nn.quantizable',
  'is not followed':
    'torch.utils torch.utils.cpp_extension torch.utils.hooks torch.distributions torch.sparse torch.nested torch.masked torch.testing torch.types torch.serialization torch.signal torch.version',
};

/** Why the members of such a module are unknown. */
export const bystanders: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_REASON).flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason] as const)),
);
