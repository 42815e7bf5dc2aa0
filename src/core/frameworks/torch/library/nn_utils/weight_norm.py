"""
weight_norm with hooks: the parameter is replaced by `<name>_g` and `<name>_v` (in this order), and `<name>` becomes a
plain tensor that is computed anew before each forward: initialising it later has no effect.
"""

import torch
from torch.nn import Parameter


class WeightNorm:
    def __init__(self, name, dim):
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module):
        g = getattr(module, self.name + "_g")
        v = getattr(module, self.name + "_v")
        return torch._effective_weight(v, g, None if self.dim == -1 else self.dim)

    def __call__(self, module, inputs):
        setattr(module, self.name, self.compute_weight(module))


def _norm_except(weight, dim):
    if dim == -1:
        return weight.norm()
    return weight.norm(2, dim=[i for i in range(weight.dim()) if i != dim % weight.dim()], keepdim=True)


def _hooks_of(module, kind):
    return [hook for hook in module.__dict__.get("_norm_hooks", []) if isinstance(hook[0], kind)]


def weight_norm(module, name="weight", dim=0):
    for hook, _ in _hooks_of(module, WeightNorm):
        if hook.name == name:
            raise RuntimeError(f"Cannot register two weight_norm hooks on the same parameter {name}")
    hook = WeightNorm(name, dim)
    weight = getattr(module, name)
    delattr(module, name)
    module.register_parameter(name + "_g", Parameter(_norm_except(weight, hook.dim).data))
    module.register_parameter(name + "_v", Parameter(weight.data))
    setattr(module, name, hook.compute_weight(module))
    handle = module.register_forward_pre_hook(hook)
    module._norm_hooks = module.__dict__.get("_norm_hooks", []) + [(hook, handle)]
    return module


def remove_weight_norm(module, name="weight"):
    for entry in _hooks_of(module, WeightNorm):
        hook, handle = entry
        if hook.name == name:
            weight = hook.compute_weight(module)
            delattr(module, name)
            delattr(module, name + "_g")
            delattr(module, name + "_v")
            setattr(module, name, Parameter(weight.data))
            handle.remove()
            module._norm_hooks = [other for other in module._norm_hooks if other is not entry]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
