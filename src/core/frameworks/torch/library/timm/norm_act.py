"""Normalizations that carry an activation with them."""

import functools

import torch
import torch.nn.functional as F
from timm.layers import create_act_layer
from torch import nn


def _activation(apply_act, act_layer, act_kwargs, inplace):
    if not apply_act or act_layer is None:
        return nn.Identity()
    return create_act_layer(act_layer, inplace=inplace, **(act_kwargs or {})) or nn.Identity()


class BatchNormAct2d(nn.BatchNorm2d):
    def __init__(
        self,
        num_features,
        eps=1e-5,
        momentum=0.1,
        affine=True,
        track_running_stats=True,
        apply_act=True,
        act_layer=nn.ReLU,
        act_kwargs=None,
        inplace=True,
        drop_layer=None,
        device=None,
        dtype=None,
    ):
        super().__init__(num_features, eps, momentum, affine, track_running_stats)
        self.drop = drop_layer() if drop_layer is not None else nn.Identity()
        self.act = _activation(apply_act, act_layer, act_kwargs, inplace)

    def forward(self, x):
        return self.act(self.drop(super().forward(x)))


class GroupNormAct(nn.GroupNorm):
    def __init__(
        self,
        num_channels,
        num_groups=32,
        eps=1e-5,
        affine=True,
        group_size=None,
        apply_act=True,
        act_layer=nn.ReLU,
        act_kwargs=None,
        inplace=True,
        drop_layer=None,
        device=None,
        dtype=None,
    ):
        super().__init__(num_channels // group_size if group_size else num_groups, num_channels, eps, affine)
        self.drop = drop_layer() if drop_layer is not None else nn.Identity()
        self.act = _activation(apply_act, act_layer, act_kwargs, inplace)

    def forward(self, x):
        return self.act(self.drop(super().forward(x)))


class LayerNormAct(nn.LayerNorm):
    def __init__(
        self,
        normalization_shape,
        eps=1e-5,
        affine=True,
        apply_act=True,
        act_layer=nn.ReLU,
        act_kwargs=None,
        inplace=True,
        drop_layer=None,
        **kwargs,
    ):
        super().__init__(normalization_shape, eps, affine)
        self.drop = drop_layer() if drop_layer is not None else nn.Identity()
        self.act = _activation(apply_act, act_layer, act_kwargs, inplace)

    def forward(self, x):
        return self.act(self.drop(super().forward(x)))


class LayerNormAct2d(LayerNormAct):
    def forward(self, x):
        x = F.layer_norm(x.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps)
        return self.act(self.drop(x.permute(0, 3, 1, 2)))


_NORM_ACTS = {
    "batchnorm": BatchNormAct2d,
    "batchnorm2d": BatchNormAct2d,
    "groupnorm": GroupNormAct,
    "groupnorm1": functools.partial(GroupNormAct, num_groups=1),
    "layernorm": LayerNormAct,
    "layernorm2d": LayerNormAct2d,
}
_WITH_ACT = {
    "BatchNorm2d": BatchNormAct2d,
    "GroupNorm": GroupNormAct,
    "LayerNorm": LayerNormAct,
    "LayerNorm2d": LayerNormAct2d,
}


def get_norm_act_layer(norm_layer, act_layer=None):
    if norm_layer is None:
        return None
    extra = {}
    if isinstance(norm_layer, functools.partial):
        extra = norm_layer.keywords
        norm_layer = norm_layer.func
    if isinstance(norm_layer, str):
        found = _NORM_ACTS[norm_layer.replace("_", "").lower().split("-")[0]]
    else:
        found = _WITH_ACT.get(norm_layer.__name__, norm_layer)
    if act_layer is not None:
        extra = {"act_layer": act_layer, **extra}
    return functools.partial(found, **extra) if extra else found
