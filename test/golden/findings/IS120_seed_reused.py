import torch
import torch.nn as nn


class Tower(nn.Module):
    def __init__(self, d=32, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.fc1 = nn.Linear(d, 64)
        self.fc2 = nn.Linear(64, 64)

    def forward(self, x):
        return torch.tanh(self.fc2(torch.tanh(self.fc1(x))))


class TwoTowers(nn.Module):
    def __init__(self):
        super().__init__()
        self.user = Tower()
        self.item = Tower()

    def forward(self, x, y):
        return (self.user(x) * self.item(y)).sum(-1)


class Seeded(nn.Module):
    """Silent: seeded once, or with seeds of their own."""

    def __init__(self):
        super().__init__()
        self.user = Tower(seed=1)
        self.item = Tower(seed=2)
        torch.manual_seed(3)
        self.a = nn.Linear(64, 64)
        self.b = nn.Linear(64, 64)

    def forward(self, x, y):
        return (self.a(self.user(x)) * self.b(self.item(y))).sum(-1)


TwoTowers()(torch.randn(4, 32), torch.randn(4, 32))
Seeded()(torch.randn(4, 32), torch.randn(4, 32))
