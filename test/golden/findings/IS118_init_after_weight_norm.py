import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm, weight_norm
from torch.nn.utils.parametrizations import weight_norm as weight_norm_parametrization


def init_weights(m, mean=0.0, std=0.01):
    if m.__class__.__name__.find("Conv") != -1:
        m.weight.data.normal_(mean, std)


class Generator(nn.Module):
    """As in HiFi-GAN: what init_weights writes is computed anew before the first forward."""

    def __init__(self, c=64):
        super().__init__()
        self.conv_pre = weight_norm(nn.Conv1d(80, c, 7, 1, padding=3))
        self.ups = nn.ModuleList([weight_norm(nn.ConvTranspose1d(c >> i, c >> (i + 1), 4, 2, 1)) for i in range(2)])
        self.conv_post = weight_norm(nn.Conv1d(c >> 2, 1, 7, 1, padding=3))
        self.ups.apply(init_weights)
        self.conv_post.apply(init_weights)

    def forward(self, x):
        x = self.conv_pre(x)
        for up in self.ups:
            x = up(F.leaky_relu(x, 0.1))
        return torch.tanh(self.conv_post(F.leaky_relu(x)))


class Parametrized(nn.Module):
    def __init__(self, d=64):
        super().__init__()
        self.fc = weight_norm_parametrization(nn.Linear(d, d))
        nn.init.normal_(self.fc.weight, std=0.5)

    def forward(self, x):
        return self.fc(x)


class Before(nn.Module):
    """Silent: initialized, then normalized."""

    def __init__(self, d=64):
        super().__init__()
        self.fc = nn.Linear(d, d)
        nn.init.normal_(self.fc.weight, std=0.1)
        self.fc = weight_norm(self.fc)

    def forward(self, x):
        return self.fc(x)


class Spectral(nn.Module):
    """Silent: until the first forward, spectral_norm's weight is the memory of weight_orig."""

    def __init__(self, d=64):
        super().__init__()
        self.fc = spectral_norm(nn.Linear(d, d))
        nn.init.xavier_uniform_(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
