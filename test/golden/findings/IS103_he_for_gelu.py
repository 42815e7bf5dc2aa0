import torch
import torch.nn as nn
import torch.nn.functional as F



class Net(nn.Module):
    def __init__(self, act):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(256, 256) for _ in range(12)])
        self.act = act
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight)

    def forward(self, x):
        for layer in self.layers:
            x = self.act(layer(x))
        return x


class Smooth(Net):
    def __init__(self):
        super().__init__(nn.SiLU())


class Rectified(Net):
    """Silent: the gain is ReLU's own."""

    def __init__(self):
        super().__init__(nn.ReLU())
