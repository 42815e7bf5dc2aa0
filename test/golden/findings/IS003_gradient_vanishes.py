import torch
import torch.nn as nn
import torch.nn.functional as F


class Smooth(nn.Module):
    """The mean of softplus keeps the size of the signal; a gradient meets its slope, which is small."""

    def __init__(self, width=256, depth=12):
        super().__init__()
        blocks = [nn.Sequential(nn.Linear(width, width), nn.Softplus()) for _ in range(depth)]
        self.net = nn.Sequential(*blocks, nn.Linear(width, 10))

    def forward(self, x):
        return self.net(x)


class Residual(nn.Module):
    """Silent: in front of BatchNorm a small weight makes a large gradient, which trains no faster."""

    def __init__(self, width=64, depth=40):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
            for _ in range(depth)
        )
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = x + block(x)
        return self.head(x.mean((2, 3)))


class ZeroHead(nn.Module):
    """Silent: the head at zero holds the gradient back for one step only."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*[nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU()) for _ in range(6)])
        self.head = nn.Linear(64, 10)
        nn.init.zeros_(self.head.weight)

    def forward(self, x):
        return self.head(self.net(x))


class Features(nn.Module):
    """Silent: no gradient is meant to reach what makes the features."""

    def __init__(self, width=256, depth=12):
        super().__init__()
        blocks = [nn.Sequential(nn.Linear(width, width), nn.Softplus()) for _ in range(depth)]
        self.net = nn.Sequential(*blocks)
        self.head = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.LayerNorm(width), nn.GELU()) for _ in range(4)])

    def forward(self, x):
        return self.head(self.net(x).detach())


class Momentum(nn.Module):
    """Silent: the slow copy is computed without gradients, and the gradient does reach the other one."""

    def __init__(self, width=128, depth=6):
        super().__init__()
        self.online = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.LayerNorm(width)) for _ in range(depth)])
        self.slow = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.Softplus()) for _ in range(2 * depth)])
        for p in self.slow.parameters():
            p.requires_grad = False

    @torch.no_grad()
    def target(self, x):
        return self.slow(x)

    def forward(self, x):
        return self.target(x), self.online(x)
