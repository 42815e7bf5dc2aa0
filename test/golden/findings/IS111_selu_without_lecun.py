import torch
import torch.nn as nn
import torch.nn.functional as F



class SNN(nn.Module):
    def __init__(self, nonlinearity):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(128, 128) for _ in range(8)])
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity=nonlinearity)

    def forward(self, x):
        for layer in self.layers:
            x = F.selu(layer(x))
        return x


class Wrong(SNN):
    def __init__(self):
        super().__init__("selu")


class Right(SNN):
    """Silent: 1/fan_in."""

    def __init__(self):
        super().__init__("linear")
