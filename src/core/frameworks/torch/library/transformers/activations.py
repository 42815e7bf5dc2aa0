"""ACT2FN: activation modules by name, made when they are asked for."""

import math
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn


class GELUActivation(nn.Module):
    def __init__(self, use_gelu_python=False):
        super().__init__()

    def forward(self, input):
        return F.gelu(input)


class NewGELUActivation(nn.Module):
    """The tanh approximation."""

    def forward(self, input):
        return F.gelu(input, approximate="tanh")


class PytorchGELUTanh(nn.Module):
    def __init__(self, use_gelu_tanh_python=False):
        super().__init__()

    def forward(self, input):
        return F.gelu(input, approximate="tanh")


GELUTanh = PytorchGELUTanh


class FastGELUActivation(nn.Module):
    def forward(self, input):
        return F.gelu(input, approximate="tanh")


class AccurateGELUActivation(nn.Module):
    def __init__(self):
        super().__init__()
        self.precomputed_constant = math.sqrt(2 / math.pi)

    def forward(self, input):
        return F.gelu(input, approximate="tanh")


class QuickGELUActivation(nn.Module):
    def forward(self, input):
        return input * torch.sigmoid(1.702 * input)


class ClippedGELUActivation(nn.Module):
    def __init__(self, min, max):
        super().__init__()
        self.min = min
        self.max = max

    def forward(self, x):
        return torch.clip(F.gelu(x), self.min, self.max)


class SiLUActivation(nn.Module):
    def forward(self, input):
        return F.silu(input)


class MishActivation(nn.Module):
    def forward(self, input):
        return F.mish(input)


class LinearActivation(nn.Module):
    def forward(self, input):
        return input


class LaplaceActivation(nn.Module):
    def forward(self, input, mu=0.707107, sigma=0.282095):
        return 0.5 * (1.0 + torch.erf((input - mu) / (sigma * math.sqrt(2.0))))


class ReLUSquaredActivation(nn.Module):
    def forward(self, input):
        return torch.square(F.relu(input))


class ClassInstantier(OrderedDict):
    def __getitem__(self, key):
        content = super().__getitem__(key)
        cls, kwargs = content if isinstance(content, tuple) else (content, {})
        return cls(**kwargs)


ACT2CLS = {
    "gelu": GELUActivation,
    "gelu_10": (ClippedGELUActivation, {"min": -10, "max": 10}),
    "gelu_fast": FastGELUActivation,
    "gelu_new": NewGELUActivation,
    "gelu_python": (GELUActivation, {"use_gelu_python": True}),
    "gelu_pytorch_tanh": PytorchGELUTanh,
    "gelu_accurate": AccurateGELUActivation,
    "hardswish": nn.Hardswish,
    "laplace": LaplaceActivation,
    "leaky_relu": nn.LeakyReLU,
    "linear": LinearActivation,
    "mish": MishActivation,
    "quick_gelu": QuickGELUActivation,
    "relu": nn.ReLU,
    "relu2": ReLUSquaredActivation,
    "relu6": nn.ReLU6,
    "sigmoid": nn.Sigmoid,
    "silu": SiLUActivation,
    "swish": nn.SiLU,
    "tanh": nn.Tanh,
    "prelu": nn.PReLU,
}
ACT2FN = ClassInstantier(ACT2CLS)


def get_activation(activation_string):
    if activation_string not in ACT2CLS:
        raise KeyError(f"function {activation_string} not found in ACT2FN mapping {list(ACT2CLS.keys())}")
    return ACT2FN[activation_string]


gelu_python = get_activation("gelu_python")
gelu_new = get_activation("gelu_new")
gelu = get_activation("gelu")
gelu_fast = get_activation("gelu_fast")
quick_gelu = get_activation("quick_gelu")
silu = get_activation("silu")
mish = get_activation("mish")
linear_act = get_activation("linear")
