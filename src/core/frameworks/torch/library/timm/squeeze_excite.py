"""Channel attention of timm.layers."""

import math

import torch.nn.functional as F
from timm.layers import create_act_layer, make_divisible
from torch import nn


class SEModule(nn.Module):
    def __init__(
        self,
        channels,
        rd_ratio=1.0 / 16,
        rd_channels=None,
        rd_divisor=8,
        add_maxpool=False,
        bias=True,
        act_layer=nn.ReLU,
        norm_layer=None,
        gate_layer="sigmoid",
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.add_maxpool = add_maxpool
        if not rd_channels:
            rd_channels = make_divisible(channels * rd_ratio, rd_divisor, round_limit=0.0)
        self.fc1 = nn.Conv2d(channels, rd_channels, kernel_size=1, bias=bias)
        self.bn = norm_layer(rd_channels) if norm_layer else nn.Identity()
        self.act = create_act_layer(act_layer, inplace=True)
        self.fc2 = nn.Conv2d(rd_channels, channels, kernel_size=1, bias=bias)
        self.gate = create_act_layer(gate_layer)

    def forward(self, x):
        scale = x.mean((2, 3), keepdim=True)
        if self.add_maxpool:
            scale = 0.5 * scale + 0.5 * x.amax((2, 3), keepdim=True)
        scale = self.fc2(self.act(self.bn(self.fc1(scale))))
        return x * self.gate(scale)


SqueezeExcite = SEModule


class EffectiveSEModule(nn.Module):
    def __init__(self, channels, add_maxpool=False, gate_layer="hard_sigmoid", device=None, dtype=None, **_):
        super().__init__()
        self.add_maxpool = add_maxpool
        self.fc = nn.Conv2d(channels, channels, kernel_size=1, padding=0)
        self.gate = create_act_layer(gate_layer)

    def forward(self, x):
        scale = x.mean((2, 3), keepdim=True)
        if self.add_maxpool:
            scale = 0.5 * scale + 0.5 * x.amax((2, 3), keepdim=True)
        return x * self.gate(self.fc(scale))


EffectiveSqueezeExcite = EffectiveSEModule


class EcaModule(nn.Module):
    """A 1-D convolution over the channels' means."""

    def __init__(self, channels=None, kernel_size=3, gamma=2, beta=1, act_layer=None, gate_layer="sigmoid", **kwargs):
        super().__init__()
        if channels is not None:
            size = int(abs(math.log(channels, 2) + beta) / gamma)
            kernel_size = max(size if size % 2 else size + 1, 3)
        self.act = None
        self.conv = nn.Conv1d(1, 1, kernel_size=kernel_size, padding=(kernel_size - 1) // 2, bias=False)
        self.gate = create_act_layer(gate_layer)

    def forward(self, x):
        scale = self.conv(x.mean((2, 3)).view(x.shape[0], 1, -1))
        return x * self.gate(scale).view(x.shape[0], -1, 1, 1)


def get_attn(attn_type):
    if not isinstance(attn_type, str):
        return attn_type
    return {"se": SEModule, "ese": EffectiveSEModule, "eca": EcaModule}[attn_type.lower()]


def create_attn(attn_type, channels, **kwargs):
    return None if not attn_type else get_attn(attn_type)(channels, **kwargs)
