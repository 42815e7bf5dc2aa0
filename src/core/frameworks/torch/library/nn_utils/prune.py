"""Pruning: the parameter becomes `<name>_orig` with a buffer `<name>_mask`; `<name>` is their product."""

import torch
from torch.nn import Parameter


class BasePruningMethod:
    def __init__(self, name):
        self._tensor_name = name

    def __call__(self, module, inputs):
        setattr(module, self._tensor_name, self.apply_mask(module))

    def apply_mask(self, module):
        return torch._effective_weight(getattr(module, self._tensor_name + "_orig"), None)


def _prune(module, name):
    hook = BasePruningMethod(name)
    weight = getattr(module, name)
    if name + "_orig" in module._parameters:
        return module
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    module.register_buffer(name + "_mask", torch.ones(weight.shape))
    setattr(module, name, hook.apply_mask(module))
    handle = module.register_forward_pre_hook(hook)
    module._pruning = module.__dict__.get("_pruning", []) + [(hook, handle)]
    return module


def identity(module, name):
    return _prune(module, name)


def random_unstructured(module, name, amount):
    return _prune(module, name)


def l1_unstructured(module, name, amount, importance_scores=None):
    return _prune(module, name)


def random_structured(module, name, amount, dim):
    return _prune(module, name)


def ln_structured(module, name, amount, n, dim, importance_scores=None):
    return _prune(module, name)


def custom_from_mask(module, name, mask):
    return _prune(module, name)


def global_unstructured(parameters, pruning_method, importance_scores=None, **kwargs):
    for module, name in parameters:
        _prune(module, name)


def is_pruned(module):
    return any(len(m.__dict__.get("_pruning", [])) > 0 for m in module.modules())


def remove(module, name):
    for entry in module.__dict__.get("_pruning", []):
        hook, handle = entry
        if hook._tensor_name == name:
            weight = module._parameters[name + "_orig"]
            delattr(module, name)
            delattr(module, name + "_mask")
            delattr(module, name + "_orig")
            setattr(module, name, Parameter(weight.data))
            handle.remove()
            module._pruning = [other for other in module._pruning if other is not entry]
            return module
    raise ValueError(f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed")
