"""Activations by name."""

import torch
import torch.nn.functional as F
from torch import nn


class GELU(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()

    def forward(self, input):
        return F.gelu(input)


class GELUTanh(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()

    def forward(self, input):
        return F.gelu(input, approximate="tanh")


class QuickGELU(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()

    def forward(self, input):
        return quick_gelu(input)


def quick_gelu(x, inplace=False):
    return x * torch.sigmoid(1.702 * x)


class Swish(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return F.silu(x, self.inplace)


class Mish(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()

    def forward(self, x):
        return F.mish(x)


class Sigmoid(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return torch.sigmoid(x)


class Tanh(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return torch.tanh(x)


class HardSwish(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return F.hardswish(x, self.inplace)


class HardSigmoid(nn.Module):
    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace

    def forward(self, x):
        return F.hardsigmoid(x, self.inplace)


class PReLU(nn.PReLU):
    def __init__(self, num_parameters=1, init=0.25, inplace=False):
        super().__init__(num_parameters, init)


_LAYERS = {
    "silu": nn.SiLU,
    "swish": nn.SiLU,
    "mish": nn.Mish,
    "relu": nn.ReLU,
    "relu6": nn.ReLU6,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "prelu": PReLU,
    "celu": nn.CELU,
    "selu": nn.SELU,
    "gelu": GELU,
    "gelu_tanh": GELUTanh,
    "quick_gelu": QuickGELU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "hard_sigmoid": nn.Hardsigmoid,
    "hard_swish": nn.Hardswish,
    "identity": nn.Identity,
    "": None,
}

_FUNCTIONS = {
    "silu": F.silu,
    "swish": F.silu,
    "mish": F.mish,
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "celu": F.celu,
    "selu": F.selu,
    "gelu": F.gelu,
    "quick_gelu": quick_gelu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "hard_sigmoid": F.hardsigmoid,
    "hard_swish": F.hardswish,
}


def _named(name):
    name = name.lower()
    return {"hardsigmoid": "hard_sigmoid", "hardswish": "hard_swish"}.get(name, name)


def get_act_layer(name="relu"):
    if not name:
        return None
    if not isinstance(name, str):
        return name
    return _LAYERS[_named(name)]


def get_act_fn(name="relu"):
    if not name:
        return None
    if not isinstance(name, str):
        return name
    return _FUNCTIONS[_named(name)]


def create_act_layer(name, inplace=None, **kwargs):
    act_layer = get_act_layer(name)
    if act_layer is None:
        return None
    if inplace is None:
        return act_layer(**kwargs)
    try:
        return act_layer(inplace=inplace, **kwargs)
    except TypeError:
        return act_layer(**kwargs)
