"""The slope that kaiming reads only for leaky_relu."""

import torch.nn as nn


class Leaky(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(6)])
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, 0.2, nonlinearity='relu')

    def forward(self, x):
        for layer in self.layers:
            x = nn.functional.leaky_relu(layer(x), 0.2)
        return x


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(64, 64) for _ in range(6)])
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, a=0.2, mode='fan_in', nonlinearity='relu')

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return x
