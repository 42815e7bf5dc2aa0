"""
Parametrizations: the tensor moves to `parametrizations.<name>.original` (or `original0`, `original1`, … where
`right_inverse` gives several), and `<name>` becomes a property that computes it anew at each access.
"""

from contextlib import contextmanager

import torch
from torch.nn import Module, ModuleDict, ModuleList, Parameter


class ParametrizationList(ModuleList):
    def __init__(self, modules, original, unsafe=False):
        super().__init__(modules)
        self.unsafe = unsafe
        new = self._inverse(original)
        self.is_tensor = isinstance(new, torch.Tensor)
        if self.is_tensor:
            self.ntensors = 1
            if new is not original:
                original.data = new
            self._keep("original", original)
        else:
            self.ntensors = len(new)
            for i, part in enumerate(new):
                self._keep(f"original{i}", Parameter(part) if isinstance(original, Parameter) else part)

    def _keep(self, name, tensor):
        if isinstance(tensor, Parameter):
            self.register_parameter(name, tensor)
        else:
            self.register_buffer(name, tensor)

    def _inverse(self, value):
        for module in reversed(list(self)):
            if hasattr(module, "right_inverse"):
                try:
                    value = module.right_inverse(value)
                except NotImplementedError:
                    pass
        return value

    def right_inverse(self, value):
        new = self._inverse(value)
        if self.is_tensor:
            self.original.data.copy_(new)
        else:
            for i, part in enumerate(new):
                getattr(self, f"original{i}").data.copy_(part)

    def forward(self):
        if self.is_tensor:
            x = self[0](self.original)
        else:
            x = self[0](*[getattr(self, f"original{i}") for i in range(self.ntensors)])
        for i in range(1, len(self)):
            x = self[i](x)
        return x


def _inject_property(module, name):
    """Instances of the module's class with a property in place of the tensor."""
    base = module.__class__
    getter = lambda self: self.parametrizations[name]()
    setter = lambda self, value: self.parametrizations[name].right_inverse(value)
    title = base.__name__ if base.__name__.startswith("Parametrized") else f"Parametrized{base.__name__}"
    module.__class__ = type(title, (base,), {name: property(getter, setter)})


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        module.parametrizations[tensor_name].append(parametrization)
        return module
    original = getattr(module, tensor_name)
    held = ParametrizationList([parametrization], original, unsafe=unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.parametrizations = ModuleDict()
    _inject_property(module, tensor_name)
    module.parametrizations[tensor_name] = held
    return module


def is_parametrized(module, tensor_name=None):
    held = module._modules.get("parametrizations")
    if held is None:
        return False
    return len(held) > 0 if tensor_name is None else tensor_name in held


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    held = module.parametrizations[tensor_name]
    value = held().data if leave_parametrized else held.original.data
    del module.parametrizations[tensor_name]
    module.__class__ = module.__class__.__mro__[1]
    if len(module.parametrizations) == 0:
        delattr(module, "parametrizations")
    module.register_parameter(tensor_name, Parameter(value))
    return module


def type_before_parametrizations(module):
    cls = type(module)
    while cls.__name__.startswith("Parametrized") and is_parametrized(module):
        cls = cls.__mro__[1]
    return cls


@contextmanager
def cached():
    yield
