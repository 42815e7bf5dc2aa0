import copy

import torch
import torch.nn as nn


class Stack(nn.Module):
    def __init__(self, d=64, n=6):
        super().__init__()
        self.layers = nn.Sequential(*[nn.Sequential(nn.Linear(d, d), nn.ReLU())] * n)

    def forward(self, x):
        return self.layers(x)


class Fresh(nn.Module):
    """Silent: a layer each; and one that is shared on purpose."""

    def __init__(self, d=64, n=6):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(d, d) for _ in range(n)])
        shared = nn.Linear(d, d)
        self.heads = nn.ModuleList([shared for _ in range(n)])

    def forward(self, x):
        for layer, head in zip(self.layers, self.heads):
            x = x + head(torch.relu(layer(x)))
        return x


class Encoder(nn.Module):
    """nn.TransformerEncoder deep-copies the layer that it is given."""

    def __init__(self, d=64, n=6):
        super().__init__()
        layer = nn.TransformerEncoderLayer(d, 4, 4 * d, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, n)

    def forward(self, x):
        return self.encoder(x)


class Clones(nn.Module):
    def __init__(self, d=64, n=4):
        super().__init__()
        block = nn.Linear(d, d)
        self.blocks = nn.ModuleList([copy.deepcopy(block) for _ in range(n)])

    def forward(self, x):
        for block in self.blocks:
            x = x + torch.tanh(block(x))
        return x


class Redrawn(Encoder):
    """Silent: drawn anew after copying."""

    def __init__(self):
        super().__init__()
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)


class Teacher(nn.Module):
    """Silent: a copy that is not trained."""

    def __init__(self, d=64):
        super().__init__()
        self.student = nn.Linear(d, d)
        self.teacher = copy.deepcopy(self.student)
        for p in self.teacher.parameters():
            p.requires_grad = False

    def forward(self, x):
        return self.student(x), self.teacher(x)


Encoder()(torch.randn(2, 16, 64))
Clones()(torch.randn(2, 64))
Redrawn()(torch.randn(2, 16, 64))
