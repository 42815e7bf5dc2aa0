"""Convolutions of timm.layers."""

import torch
import torch.nn.functional as F
from timm.layers import (
    create_act_layer,
    get_norm_act_layer,
    get_padding,
    get_padding_value,
    get_same_padding,
    to_2tuple,
)
from torch import nn


def pad_same(x, kernel_size, stride, dilation=(1, 1), value=0):
    amounts = []
    for axis in (-1, -2):
        total = get_same_padding(x.size(axis), kernel_size[axis], stride[axis], dilation[axis])
        amounts += [total // 2, total - total // 2]
    return F.pad(x, amounts, value=value)


class Conv2dSame(nn.Conv2d):
    """TensorFlow's "same" padding, which depends on the size of the input."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        device=None,
        dtype=None,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, 0, dilation, groups, bias)

    def forward(self, x):
        x = pad_same(x, self.kernel_size, self.stride, self.dilation)
        return F.conv2d(x, self.weight, self.bias, self.stride, (0, 0), self.dilation, self.groups)


def create_conv2d_pad(in_chs, out_chs, kernel_size, **kwargs):
    padding = kwargs.pop("padding", "")
    kwargs.setdefault("bias", False)
    where = {k: kwargs[k] for k in ("stride", "dilation") if k in kwargs}
    padding, is_dynamic = get_padding_value(padding, kernel_size, **where)
    if is_dynamic:
        return Conv2dSame(in_chs, out_chs, kernel_size, **kwargs)
    return nn.Conv2d(in_chs, out_chs, kernel_size, padding=padding, **kwargs)


class MixedConv2d(nn.ModuleDict):
    """Splits the channels among kernels of several sizes."""

    def __init__(
        self, in_channels, out_channels, kernel_size=3, stride=1, padding="", dilation=1, depthwise=False, **kwargs
    ):
        super().__init__()
        kernels = kernel_size if isinstance(kernel_size, list) else [kernel_size]
        count = len(kernels)
        share = lambda channels: [
            channels // count + (channels - channels // count * count if i == 0 else 0) for i in range(count)
        ]
        self.splits = share(in_channels)
        for i, (k, into, out) in enumerate(zip(kernels, self.splits, share(out_channels))):
            groups = into if depthwise else 1
            conv = create_conv2d_pad(
                into, out, k, stride=stride, padding=padding, dilation=dilation, groups=groups, **kwargs
            )
            self.add_module(str(i), conv)

    def forward(self, x):
        return torch.cat([conv(part) for part, conv in zip(torch.split(x, self.splits, 1), self.values())], 1)


def create_conv2d(in_channels, out_channels, kernel_size, **kwargs):
    if isinstance(kernel_size, list):
        kwargs.pop("groups", None)
        return MixedConv2d(in_channels, out_channels, kernel_size, **kwargs)
    depthwise = kwargs.pop("depthwise", False)
    groups = in_channels if depthwise else kwargs.pop("groups", 1)
    return create_conv2d_pad(in_channels, out_channels, kernel_size, groups=groups, **kwargs)


class ConvNormAct(nn.Module):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size=1,
        stride=1,
        padding="",
        dilation=1,
        groups=1,
        bias=False,
        apply_norm=True,
        apply_act=True,
        norm_layer=nn.BatchNorm2d,
        act_layer=nn.ReLU,
        aa_layer=None,
        drop_layer=None,
        conv_kwargs=None,
        norm_kwargs=None,
        act_kwargs=None,
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.conv = create_conv2d(
            in_channels,
            out_channels,
            kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            groups=groups,
            bias=bias,
            **(conv_kwargs or {}),
        )
        if apply_norm:
            norm = get_norm_act_layer(norm_layer, act_layer)
            extra = {"drop_layer": drop_layer} if drop_layer is not None else {}
            self.bn = norm(out_channels, apply_act=apply_act, act_kwargs=act_kwargs, **extra, **(norm_kwargs or {}))
        else:
            self.bn = nn.Sequential()
            if drop_layer:
                self.bn.add_module("drop", drop_layer())
            act = create_act_layer(act_layer, **(act_kwargs or {})) if apply_act else None
            if act is not None:
                self.bn.add_module("act", act)
        self.aa = nn.Identity()

    @property
    def in_channels(self):
        return self.conv.in_channels

    @property
    def out_channels(self):
        return self.conv.out_channels

    def forward(self, x):
        return self.aa(self.bn(self.conv(x)))


ConvBnAct = ConvNormAct


def _standardized(weight, eps, scale=None):
    """Each output's kernel with mean 0 and variance 1."""
    rows = weight.reshape(1, weight.shape[0], -1)
    return F.batch_norm(rows, None, None, weight=scale, training=True, momentum=0.0, eps=eps).reshape(weight.shape)


class StdConv2d(nn.Conv2d):
    """Weight standardization."""

    def __init__(
        self,
        in_channel,
        out_channels,
        kernel_size,
        stride=1,
        padding=None,
        dilation=1,
        groups=1,
        bias=False,
        eps=1e-6,
        device=None,
        dtype=None,
    ):
        if padding is None:
            padding = get_padding(kernel_size, stride, dilation)
        super().__init__(in_channel, out_channels, kernel_size, stride, padding, dilation, groups, bias)
        self.eps = eps

    def forward(self, x):
        weight = _standardized(self.weight, self.eps)
        return F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ScaledStdConv2d(nn.Conv2d):
    """Weight standardization with a gain for each output, divided by √fan_in."""

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=None,
        dilation=1,
        groups=1,
        bias=True,
        gamma=1.0,
        eps=1e-6,
        gain_init=1.0,
        device=None,
        dtype=None,
    ):
        if padding is None:
            padding = get_padding(kernel_size, stride, dilation)
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias)
        self.gain = nn.Parameter(torch.full((out_channels, 1, 1, 1), gain_init))
        self.scale = gamma * self.weight[0].numel() ** -0.5
        self.eps = eps

    def forward(self, x):
        weight = _standardized(self.weight, self.eps, (self.gain * self.scale).view(-1))
        return F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
