import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class KANLinear(nn.Module):
    def __init__(self, in_features=64, out_features=64, scale_base=1.0, scale_spline=2.0):
        super().__init__()
        self.base_weight = nn.Parameter(torch.empty(out_features, in_features))
        self.spline_weight = nn.Parameter(torch.empty(out_features, in_features))
        nn.init.kaiming_uniform_(self.base_weight, a=math.sqrt(5) * scale_base)
        nn.init.kaiming_uniform_(self.spline_weight, a=scale_spline * 5**0.5)

    def forward(self, x):
        return F.linear(F.silu(x), self.base_weight) + F.linear(torch.tanh(x), self.spline_weight)


class Plain(nn.Module):
    """Silent: the √5 of nn.Linear's own default, and a slope."""

    def __init__(self, d=64):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(d, d))
        self.fc = nn.Linear(d, d)
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        nn.init.kaiming_uniform_(self.fc.weight, a=0.2)

    def forward(self, x):
        return self.fc(F.leaky_relu(F.linear(x, self.weight), 0.2))
