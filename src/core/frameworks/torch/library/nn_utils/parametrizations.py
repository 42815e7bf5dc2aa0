"""torch.nn.utils.parametrizations: weight_norm, spectral_norm and orthogonal."""

import torch
import torch.nn.functional as F
from torch.nn import Module, init
from torch.nn.utils.parametrize import register_parametrization
from torch.nn.utils.spectral_norm import _default_dim
from torch.nn.utils.weight_norm import _norm_except


class _WeightNorm(Module):
    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g, weight_v):
        return torch._effective_weight(weight_v, weight_g, None if self.dim == -1 else self.dim)

    def right_inverse(self, weight):
        return _norm_except(weight, self.dim).data, weight.data


def weight_norm(module, name="weight", dim=0):
    return register_parametrization(module, name, _WeightNorm(dim), unsafe=True)


class _SpectralNorm(Module):
    """Fifteen power iterations are run when it is made, so that the first forward already divides by the true norm."""

    def __init__(self, weight, n_power_iterations=1, dim=0, eps=1e-12):
        super().__init__()
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = dim if dim >= 0 else dim + weight.dim()
        self.eps = eps
        if weight.dim() > 1:
            self.n_power_iterations = n_power_iterations
            rows = weight.size(self.dim)
            self.register_buffer("_u", F.normalize(torch.randn(rows), dim=0, eps=eps))
            self.register_buffer("_v", F.normalize(torch.randn(weight.numel() // rows), dim=0, eps=eps))

    def forward(self, weight):
        if weight.dim() == 1:
            return F.normalize(weight, dim=0, eps=self.eps)
        return torch._spectral_weight(weight, weight.size(self.dim), 15 + self.n_power_iterations)

    def right_inverse(self, value):
        return value


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    weight = getattr(module, name)
    return register_parametrization(
        module, name, _SpectralNorm(weight, n_power_iterations, _default_dim(module) if dim is None else dim, eps)
    )


class _Orthogonal(Module):
    """Starts as a random (semi-)orthogonal matrix, kept in the buffer `base`; the parameter holds -1 on its diagonal."""

    def __init__(self, weight, use_trivialization=True):
        super().__init__()
        self.use_trivialization = use_trivialization
        if use_trivialization:
            side = max(weight.size(-2), weight.size(-1))
            self.register_buffer("base", init.orthogonal_(torch.empty(side, side)))

    def forward(self, X):
        return init.orthogonal_(torch.empty(X.shape))

    def right_inverse(self, Q):
        return -torch.eye(Q.size(-2), Q.size(-1)) if self.use_trivialization else Q


def orthogonal(module, name="weight", orthogonal_map=None, *, use_trivialization=True):
    weight = getattr(module, name)
    if weight.dim() < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.dim()} dimensions.")
    return register_parametrization(module, name, _Orthogonal(weight, use_trivialization), unsafe=True)
