"""Transposed convolutions: each output sees only some of the taps."""

import math
import torch
from torch import nn
from torch.nn import init


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.ConvTranspose2d(16, 16, 4, stride=2), nn.ReLU(), nn.ConvTranspose2d(16, 16, 4, stride=2), nn.ReLU(), nn.ConvTranspose2d(16, 8, 4, stride=2), nn.ReLU(), nn.Conv2d(8, 3, 3))
        def weights_init(m):
            if isinstance(m, (nn.ConvTranspose2d, nn.Conv2d)):
                init.normal_(m.weight, 0.0, 1.0)
        self.apply(weights_init)
    def forward(self, x):
        return self.net(x)
