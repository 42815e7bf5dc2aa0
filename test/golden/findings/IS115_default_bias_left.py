import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, d=64, width=256):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(d if i == 0 else width, width) for i in range(4)])
        self.out = nn.Linear(width, 10)
        for layer in self.layers:
            layer.weight.data.normal_(0, 0.02)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.out(x)


class ZeroHead(nn.Module):
    """Meant to begin at zero, and begins at its bias."""

    def __init__(self, d=64):
        super().__init__()
        self.body = nn.Linear(d, d)
        self.policy = nn.Linear(d, 4)
        nn.init.zeros_(self.policy.weight)

    def forward(self, x):
        return self.policy(torch.tanh(self.body(x)))


class Xavier(nn.Module):
    """Silent: beside weights of a common scale the default bias is small."""

    def __init__(self, width=256):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(5)])
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight)

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x


class Normed(nn.Module):
    """Silent: BatchNorm takes each channel's mean off."""

    def __init__(self, c=32):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, c, 3), nn.BatchNorm2d(c)
        self.conv2, self.bn2 = nn.Conv2d(c, c, 3), nn.BatchNorm2d(c)
        for conv in (self.conv1, self.conv2):
            nn.init.normal_(conv.weight, std=0.001)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(x)))


Net()(torch.randn(8, 64))
