import math

import torch
import torch.nn as nn


class GoogLeNetLike(nn.Module):
    """Bounds as SciPy counts them, in σ; nn.init has them absolute."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
        for m in self.net:
            if isinstance(m, nn.Linear):
                nn.init.trunc_normal_(m.weight, mean=0.0, std=0.1, a=-2, b=2)
                nn.init.zeros_(m.bias)


    def forward(self, x):
        return self.net(x)


class Corrected(nn.Module):
    """JAX's lecun_normal, without its cut."""

    def __init__(self, d=256):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, d), nn.SELU(), nn.Linear(d, d))
        for m in self.net:
            if isinstance(m, nn.Linear):
                std = math.sqrt(1 / m.in_features) / 0.87962566103423978
                nn.init.trunc_normal_(m.weight, std=std)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.net(x)


class Cut(nn.Module):
    """Silent: bounds that go with σ, or none."""

    def __init__(self, d=256):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, d)
        std = math.sqrt(1 / d) / 0.87962566103423978
        nn.init.trunc_normal_(self.fc1.weight, std=std, a=-2 * std, b=2 * std)
        nn.init.trunc_normal_(self.fc2.weight, std=0.02)
        nn.init.zeros_(self.fc1.bias)
        nn.init.zeros_(self.fc2.bias)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))
