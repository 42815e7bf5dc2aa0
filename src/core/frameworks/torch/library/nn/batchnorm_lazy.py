"""Lazy batch and instance normalization: num_features is read off the first input."""

import torch
from torch.nn import UninitializedParameter
from torch.nn.modules.batchnorm import BatchNorm1d, BatchNorm2d, BatchNorm3d
from torch.nn.modules.instancenorm import InstanceNorm1d, InstanceNorm2d, InstanceNorm3d

_BECOMES = {}


def _infer_features(module, args):
    module._infer_hook.remove()
    module.num_features = args[0].shape[1]
    if module.affine:
        module.weight.materialize((module.num_features,))
        if module.bias is not None:
            module.bias.materialize((module.num_features,))
    if module.track_running_stats:
        module.running_mean = torch.zeros(module.num_features)
        module.running_var = torch.ones(module.num_features)
    module.__class__ = _BECOMES.get(module.__class__, module.__class__)
    module.reset_parameters()


class _LazyNormBase:
    def __init__(
        self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True
    ):
        super().__init__(0, eps, momentum, False, track_running_stats)
        self.affine = affine
        if affine:
            self.weight = UninitializedParameter()
            if bias:
                self.bias = UninitializedParameter()
        self._infer_hook = self.register_forward_pre_hook(_infer_features)

    def reset_parameters(self):
        if self.num_features != 0:
            super().reset_parameters()

    def has_uninitialized_params(self):
        return self.num_features == 0

    def initialize_parameters(self, input):
        _infer_features(self, (input,))


class LazyBatchNorm1d(_LazyNormBase, BatchNorm1d):
    pass


class LazyBatchNorm2d(_LazyNormBase, BatchNorm2d):
    pass


class LazyBatchNorm3d(_LazyNormBase, BatchNorm3d):
    pass


class LazyInstanceNorm1d(_LazyNormBase, InstanceNorm1d):
    pass


class LazyInstanceNorm2d(_LazyNormBase, InstanceNorm2d):
    pass


class LazyInstanceNorm3d(_LazyNormBase, InstanceNorm3d):
    pass


_BECOMES.update(
    {
        LazyBatchNorm1d: BatchNorm1d,
        LazyBatchNorm2d: BatchNorm2d,
        LazyBatchNorm3d: BatchNorm3d,
        LazyInstanceNorm1d: InstanceNorm1d,
        LazyInstanceNorm2d: InstanceNorm2d,
        LazyInstanceNorm3d: InstanceNorm3d,
    }
)
