"""ModuleDict, Sequential(OrderedDict), ParameterList, add_module, register_buffer, slices of containers."""
from collections import OrderedDict

import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(OrderedDict([("conv", nn.Conv2d(3, 8, 3)), ("norm", nn.BatchNorm2d(8)), ("act", nn.ReLU())]))
        self.branches = nn.ModuleDict({name: nn.Conv2d(8, 8, k, padding=k // 2) for name, k in [("small", 1), ("large", 5)]})
        self.weights = nn.ParameterList([nn.Parameter(torch.full((8, 1, 1), 0.5)) for _ in self.branches])
        self.add_module("last", nn.Conv2d(8, 4, 1))
        self.register_parameter("unused", None)
        self.register_buffer("offset", torch.zeros(4, 1, 1))

    def forward(self, x):
        x = self.stem(x)
        x = sum(w * branch(x) for w, branch in zip(self.weights, self.branches.values()))
        return self.last(x) + self.offset
