"""Pooling and classifier heads of timm.layers."""

import torch
import torch.nn.functional as F
from timm.layers import create_act_layer, get_norm_layer, pad_same, to_2tuple
from torch import nn


class AvgPool2dSame(nn.AvgPool2d):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        kernel_size = to_2tuple(kernel_size)
        stride = kernel_size if stride is None else to_2tuple(stride)
        super().__init__(kernel_size, stride, (0, 0), ceil_mode, count_include_pad)

    def forward(self, x):
        x = pad_same(x, self.kernel_size, self.stride)
        return F.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)


class MaxPool2dSame(nn.MaxPool2d):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
        super().__init__(
            to_2tuple(kernel_size),
            to_2tuple(kernel_size if stride is None else stride),
            (0, 0),
            to_2tuple(dilation),
            ceil_mode=ceil_mode,
        )

    def forward(self, x):
        x = pad_same(x, self.kernel_size, self.stride, value=float("-inf"))
        return F.max_pool2d(x, self.kernel_size, self.stride, (0, 0), self.dilation, self.ceil_mode)


class SelectAdaptivePool2d(nn.Module):
    def __init__(self, output_size=1, pool_type="fast", flatten=False, input_fmt="NCHW"):
        super().__init__()
        self.pool_type = pool_type or ""
        self.output_size = output_size
        self.axes = (2, 3) if input_fmt == "NCHW" else (1, 2)
        self.pool = nn.Identity()
        self.flatten = nn.Flatten(1) if flatten else nn.Identity()
        self.is_fast = pool_type.startswith("fast") if pool_type else False
        if pool_type in ("", None, "fast", "fastavg", "fastmax", "fastavgmax", "fastcatavgmax"):
            if self.is_fast:
                self.flatten = nn.Identity()
        elif input_fmt == "NCHW" and pool_type == "avg":
            self.pool = nn.AdaptiveAvgPool2d(output_size)
        elif input_fmt == "NCHW" and pool_type == "max":
            self.pool = nn.AdaptiveMaxPool2d(output_size)
        self.keeps_axes = not flatten

    def is_identity(self):
        return not self.pool_type

    def feat_mult(self):
        return 2 if self.pool_type.endswith("catavgmax") else 1

    def _pooled(self, x):
        kind = self.pool_type.replace("fast", "") or "avg"
        keep = self.keeps_axes or not self.is_fast
        if kind == "avg":
            return x.mean(self.axes, keepdim=keep)
        if kind == "max":
            return x.amax(self.axes, keepdim=keep)
        both = x.mean(self.axes, keepdim=keep), x.amax(self.axes, keepdim=keep)
        return torch.cat(both, 1) if kind == "catavgmax" else 0.5 * (both[0] + both[1])

    def forward(self, x):
        if not self.pool_type:
            return self.flatten(x)
        if isinstance(self.pool, nn.Identity):
            return self.flatten(self._pooled(x))
        return self.flatten(self.pool(x))


def _create_pool(num_features, num_classes, pool_type="avg", use_conv=False, input_fmt=None):
    if not pool_type:
        use_conv = True
    pool = SelectAdaptivePool2d(pool_type=pool_type, flatten=not use_conv, input_fmt=input_fmt or "NCHW")
    return pool, num_features * pool.feat_mult()


def _create_fc(num_features, num_classes, use_conv=False):
    if num_classes <= 0:
        return nn.Identity()
    return (
        nn.Conv2d(num_features, num_classes, 1, bias=True)
        if use_conv
        else nn.Linear(num_features, num_classes, bias=True)
    )


def create_classifier(
    num_features,
    num_classes,
    pool_type="avg",
    use_conv=False,
    input_fmt="NCHW",
    drop_rate=None,
    device=None,
    dtype=None,
):
    pool, features = _create_pool(num_features, num_classes, pool_type, use_conv, input_fmt)
    fc = _create_fc(features, num_classes, use_conv)
    return (pool, fc) if drop_rate is None else (pool, nn.Dropout(drop_rate), fc)


class ClassifierHead(nn.Module):
    def __init__(
        self,
        in_features,
        num_classes,
        pool_type="avg",
        drop_rate=0.0,
        use_conv=False,
        input_fmt="NCHW",
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.in_features = in_features
        self.use_conv = use_conv
        self.input_fmt = input_fmt
        pool, fc = create_classifier(in_features, num_classes, pool_type, use_conv, input_fmt)
        self.global_pool = pool
        self.drop = nn.Dropout(drop_rate)
        self.fc = fc
        self.flatten = nn.Flatten(1) if use_conv and pool_type else nn.Identity()

    def forward(self, x, pre_logits=False):
        x = self.drop(self.global_pool(x))
        return self.flatten(x) if pre_logits else self.flatten(self.fc(x))


class NormMlpClassifierHead(nn.Module):
    def __init__(
        self,
        in_features,
        num_classes,
        hidden_size=None,
        pool_type="avg",
        drop_rate=0.0,
        norm_layer="layernorm2d",
        act_layer="tanh",
        device=None,
        dtype=None,
    ):
        super().__init__()
        from collections import OrderedDict

        self.in_features = in_features
        self.hidden_size = hidden_size
        self.num_features = in_features
        linear = nn.Linear if pool_type else lambda i, o: nn.Conv2d(i, o, 1)
        self.global_pool = SelectAdaptivePool2d(pool_type=pool_type)
        self.norm = get_norm_layer(norm_layer)(in_features)
        self.flatten = nn.Flatten(1) if pool_type else nn.Identity()
        if hidden_size:
            self.pre_logits = nn.Sequential(
                OrderedDict([("fc", linear(in_features, hidden_size)), ("act", create_act_layer(act_layer))])
            )
            self.num_features = hidden_size
        else:
            self.pre_logits = nn.Identity()
        self.drop = nn.Dropout(drop_rate)
        self.fc = linear(self.num_features, num_classes) if num_classes > 0 else nn.Identity()

    def forward(self, x, pre_logits=False):
        x = self.pre_logits(self.flatten(self.norm(self.global_pool(x))))
        x = self.drop(x)
        return x if pre_logits else self.fc(x)


def global_pool_nlc(x, pool_type="token", num_prefix_tokens=1, reduce_include_prefix=False):
    if not pool_type:
        return x
    if pool_type == "token":
        return x[:, 0]
    x = x if reduce_include_prefix else x[:, num_prefix_tokens:]
    if pool_type == "avg":
        return x.mean(dim=1)
    if pool_type == "max":
        return x.amax(dim=1)
    return 0.5 * (x.amax(dim=1) + x.mean(dim=1))
