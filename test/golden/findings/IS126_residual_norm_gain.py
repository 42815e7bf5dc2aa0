import torch
import torch.nn as nn


class Bottleneck(nn.Module):
    def __init__(self, c, zero=False):
        super().__init__()
        self.conv1 = nn.Conv2d(c, c // 4, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c // 4)
        self.conv2 = nn.Conv2d(c // 4, c // 4, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c // 4)
        self.conv3 = nn.Conv2d(c // 4, c, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(c)
        if zero:
            nn.init.zeros_(self.bn3.weight)

    def forward(self, x):
        out = torch.relu(self.bn1(self.conv1(x)))
        out = torch.relu(self.bn2(self.conv2(out)))
        return torch.relu(x + self.bn3(self.conv3(out)))


class ResNet(nn.Module):
    def __init__(self, depth=16, zero=False):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU())
        self.blocks = nn.Sequential(*[Bottleneck(64, zero) for _ in range(depth)])
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.blocks(self.stem(x)).mean((2, 3)))


class ZeroInit(ResNet):
    """Silent: γ = 0 at the end of each branch."""

    def __init__(self):
        super().__init__(zero=True)


class Shallow(ResNet):
    """Silent: too few blocks to matter."""

    def __init__(self):
        super().__init__(depth=8)


ResNet()(torch.randn(1, 3, 32, 32))
