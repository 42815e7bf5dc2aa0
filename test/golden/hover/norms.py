"""Normalizations, and what they do to the layers before them."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        #            ^^^^^^^^^ conv before BatchNorm
        self.bn1 = nn.BatchNorm2d(channels)
        #          ^^^^^^^^^^^^^^ batch norm
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        #          ^^^^^^^^^^^^^^ zero-init residual end
        nn.init.zeros_(self.bn2.weight)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(x + self.bn2(self.conv2(out)))


class ResNet(nn.Module):
#     ^^^^^^ the model
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        #           ^^^^^^^^^ stem before GroupNorm
        self.norm = nn.GroupNorm(8, 64)
        #           ^^^^^^^^^^^^ group norm
        self.blocks = nn.Sequential(*[Block(64) for _ in range(4)])
        self.head = nn.Linear(64, 10)
        #           ^^^^^^^^^ head
        nn.init.zeros_(self.head.weight)

    def forward(self, x):
        x = self.blocks(F.relu(self.norm(self.stem(x))))
        return self.head(x.mean((2, 3)))


class Plain(nn.Module):
#     ^^^^^ residual without norm
    def __init__(self):
        super().__init__()
        self.first = nn.ModuleList([nn.Linear(256, 256) for _ in range(8)])
        #                           ^^^^^^^^^ start of branches
        self.second = nn.ModuleList([nn.Linear(256, 256) for _ in range(8)])
        #                            ^^^^^^^^^ ends of branches
        for m in self.second:
            nn.init.zeros_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        for a, b in zip(self.first, self.second):
            x = x + b(torch.relu(a(x)))
        return x
