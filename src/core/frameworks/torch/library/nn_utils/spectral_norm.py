"""
spectral_norm with hooks: the parameter becomes `<name>_orig` (after the others), with buffers `<name>_u` and `<name>_v`;
`<name>` is a plain tensor computed before each forward.
"""

import torch
import torch.nn.functional as F
from torch.nn import Parameter


class SpectralNorm:
    def __init__(self, name="weight", n_power_iterations=1, dim=0, eps=1e-12):
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

    def compute_weight(self, module):
        weight = getattr(module, self.name + "_orig")
        return torch._spectral_weight(weight, weight.size(self.dim), self.n_power_iterations)

    def __call__(self, module, inputs):
        setattr(module, self.name, self.compute_weight(module))


def _default_dim(module):
    """Transposed convolutions have their outputs on axis 1."""
    transposed = (torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d)
    return 1 if isinstance(module, transposed) else 0


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    hook = SpectralNorm(name, n_power_iterations, _default_dim(module) if dim is None else dim, eps)
    weight = getattr(module, name)
    rows = weight.size(hook.dim)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(name + "_u", F.normalize(torch.randn(rows), dim=0, eps=eps))
    module.register_buffer(name + "_v", F.normalize(torch.randn(weight.numel() // rows), dim=0, eps=eps))
    handle = module.register_forward_pre_hook(hook)
    module._norm_hooks = module.__dict__.get("_norm_hooks", []) + [(hook, handle)]
    return module


def remove_spectral_norm(module, name="weight"):
    for entry in module.__dict__.get("_norm_hooks", []):
        hook, handle = entry
        if isinstance(hook, SpectralNorm) and hook.name == name:
            weight = hook.compute_weight(module)
            delattr(module, name)
            delattr(module, name + "_u")
            delattr(module, name + "_v")
            delattr(module, name + "_orig")
            module.register_parameter(name, Parameter(weight.data))
            handle.remove()
            module._norm_hooks = [other for other in module._norm_hooks if other is not entry]
            return module
    raise ValueError(f"spectral_norm of '{name}' not found in {module}")
