"""Every way to write values into a weight."""

import torch
from torch import nn
from torch.nn import init


class Methods(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(64, 64)
        self.b = nn.Linear(64, 64)
        self.W = nn.Parameter(torch.randn(64, 32))
        self.U = nn.Parameter(torch.zeros(32, 64))
        self.c = nn.Linear(64, 64)
        self.a.weight.data.normal_(0, 1)  # ours
        self.b.weight.data = torch.randn(64, 64)
        with torch.no_grad():
            self.U.copy_(torch.randn(32, 64))
            torch.nn.init.normal_(
                self.c.weight,
                mean=0.0,
                std=1.0,
            )

    def forward(self, x):
        x = torch.relu(self.b(torch.relu(self.a(x))))
        x = torch.relu(x @ self.W)
        x = torch.relu(x @ self.U)
        return self.c(x)


class Positional(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(8)])
        for layer in self.layers:
            torch.nn.init.kaiming_normal_(layer.weight, 0, 'fan_in', 'tanh')

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return x
