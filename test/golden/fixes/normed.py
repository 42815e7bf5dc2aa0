"""As vocoders write it: norms first, initialization behind them."""

import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import weight_norm


def init_weights(m, mean=0.0, std=0.01):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        m.weight.data.normal_(mean, std)


class ResBlock(nn.Module):
    def __init__(self, channels, dilation=(1, 3)):
        super().__init__()
        self.convs1 = nn.ModuleList([
            weight_norm(nn.Conv1d(channels, channels, 3, 1, dilation=dilation[0], padding=1)),
            weight_norm(nn.Conv1d(channels, channels, 3, 1, dilation=dilation[1], padding=3)),
        ])
        self.convs1.apply(init_weights)

    def forward(self, x):
        for c in self.convs1:
            x = x + c(F.leaky_relu(x, 0.1))
        return x


class Vocoder(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.pre = weight_norm(nn.Conv1d(80, c, 7, 1, padding=3))
        self.ups = nn.ModuleList()
        self.blocks = nn.ModuleList()
        for i in range(2):
            self.ups.append(weight_norm(nn.ConvTranspose1d(c // 2**i, c // 2 ** (i + 1), 4, 2, padding=1)))
            self.blocks.append(ResBlock(c // 2 ** (i + 1)))
        self.post = weight_norm(nn.Conv1d(c // 4, 1, 7, 1, padding=3))
        self.ups.apply(init_weights)
        self.post.apply(init_weights)

    def forward(self, x):
        x = self.pre(x)
        for up, block in zip(self.ups, self.blocks):
            x = block(up(F.leaky_relu(x, 0.1)))
        return self.post(F.leaky_relu(x))


class Single(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.fc = weight_norm(nn.Linear(d, d), dim=None)
        self.out = nn.Linear(d, d)
        nn.init.normal_(self.fc.weight, std=0.5)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return self.out(self.fc(x))
