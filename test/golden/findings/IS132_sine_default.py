import math

import torch
import torch.nn as nn


class Sine(nn.Module):
    def __init__(self, w0=30.0):
        super().__init__()
        self.w0 = w0

    def forward(self, x):
        return torch.sin(self.w0 * x)


class ImplicitImage(nn.Module):
    def __init__(self, hidden=256, depth=4, w0=30.0):
        super().__init__()
        layers = [nn.Linear(2, hidden), Sine(w0)]
        for _ in range(depth - 1):
            layers += [nn.Linear(hidden, hidden), Sine(w0)]
        self.net = nn.Sequential(*layers, nn.Linear(hidden, 3))

    def forward(self, coords):
        return self.net(coords)


class Slow(ImplicitImage):
    """Without ω the sine is a line."""

    def __init__(self):
        super().__init__(w0=1.0)


class Siren(ImplicitImage):
    """Silent: drawn as the paper has it."""

    def __init__(self):
        super().__init__()
        linear = [m for m in self.net if isinstance(m, nn.Linear)]
        nn.init.uniform_(linear[0].weight, -1 / 2, 1 / 2)
        for m in linear[1:]:
            bound = math.sqrt(6 / m.in_features) / 30
            nn.init.uniform_(m.weight, -bound, bound)


class TimeEmbedding(nn.Module):
    """Silent: one periodic layer, which learns its frequencies."""

    def __init__(self, d=64):
        super().__init__()
        self.freq = nn.Linear(1, d)
        self.out = nn.Linear(d, d)

    def forward(self, t):
        return self.out(torch.sin(self.freq(t)))


ImplicitImage()(torch.randn(1024, 2))
