"""Lazy layers, weight_norm, parameters of one's own, transposed convolutions, ModuleDict."""
import torch
import torch.nn as nn
from torch.nn.utils import weight_norm


class Net(nn.Module):
#     ^^^ the model
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.lazy = nn.LazyLinear(100)
        #           ^^^^^^^^^^^^^ lazy
        self.normed = weight_norm(nn.Linear(100, 100))
        #                         ^^^^^^^^^ weight_norm
        nn.init.kaiming_normal_(self.normed.weight)
        self.paths = nn.ModuleDict({"left": nn.Linear(100, 50), "right": nn.Linear(100, 50)})
        #                                   ^^^^^^^^^ in a ModuleDict
        self.scale = nn.Parameter(torch.ones(50))
        #            ^^^^^^^^^^^^ parameter of ones
        self.mixing = nn.Parameter(torch.randn(50, 50) / 50**0.5)
        #             ^^^^^^^^^^^^ parameter drawn
        self.raw = nn.Parameter(torch.empty(50, 50))
        #          ^^^^^^^^^^^^ uninitialized parameter
        self.mask = nn.Parameter(torch.zeros(50, 50))

    def forward(self, x):
        x = self.lazy(self.conv(x).relu().flatten(1)).relu()
        x = self.normed(x).relu()
        x = self.paths["left"](x) + self.paths["right"](x)
        return x @ self.mixing * self.scale + x @ self.raw


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1)
        #         ^^^^^^^^^^^^^^^^^^ transposed
        self.out = nn.Conv2d(64, 3, 3, padding=1)
        #          ^^^^^^^^^ after it

    def forward(self, x):
        return torch.tanh(self.out(torch.relu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4, dim_feedforward=256, batch_first=True)
        #       ^^^^^^^^^^^^^^^^^^^^^^^^^^ a layer of many parts, copied three times
        self.layers = nn.TransformerEncoder(layer, 3)
        #             ^^^^^^^^^^^^^^^^^^^^^ the copies

    def forward(self, x):
        return self.layers(x)
