"""ConvNeXt: weights truncated normal with std 0.02, layer scales 1e-6."""

from functools import partial

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.weights import WeightsEnum, finish
from torchvision.ops import StochasticDepth
from torchvision.ops.misc import Conv2dNormActivation, Permute


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        x = F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class CNBlock(nn.Module):
    def __init__(self, dim, layer_scale, stochastic_depth_prob, norm_layer=None):
        super().__init__()
        norm_layer = partial(nn.LayerNorm, eps=1e-6) if norm_layer is None else norm_layer
        self.block = nn.Sequential(
            nn.Conv2d(dim, dim, kernel_size=7, padding=3, groups=dim, bias=True),
            Permute([0, 2, 3, 1]),
            norm_layer(dim),
            nn.Linear(dim, 4 * dim, bias=True),
            nn.GELU(),
            nn.Linear(4 * dim, dim, bias=True),
            Permute([0, 3, 1, 2]),
        )
        self.layer_scale = nn.Parameter(torch.ones(dim, 1, 1) * layer_scale)
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")

    def forward(self, input):
        result = self.layer_scale * self.block(input)
        result = self.stochastic_depth(result)
        result += input
        return result


class CNBlockConfig:
    def __init__(self, input_channels, out_channels, num_layers):
        self.input_channels = input_channels
        self.out_channels = out_channels
        self.num_layers = num_layers


class ConvNeXt(nn.Module):
    def __init__(
        self,
        block_setting,
        stochastic_depth_prob=0.0,
        layer_scale=1e-6,
        num_classes=1000,
        block=None,
        norm_layer=None,
        **kwargs,
    ):
        super().__init__()
        block = CNBlock if block is None else block
        norm_layer = partial(LayerNorm2d, eps=1e-6) if norm_layer is None else norm_layer
        first = block_setting[0].input_channels
        layers = [Conv2dNormActivation(3, first, 4, 4, 0, norm_layer=norm_layer, activation_layer=None, bias=True)]
        total = sum(cnf.num_layers for cnf in block_setting)
        done = 0
        for cnf in block_setting:
            stage = []
            for _ in range(cnf.num_layers):
                stage.append(block(cnf.input_channels, layer_scale, stochastic_depth_prob * done / (total - 1.0)))
                done += 1
            layers.append(nn.Sequential(*stage))
            if cnf.out_channels is not None:
                layers.append(
                    nn.Sequential(
                        norm_layer(cnf.input_channels),
                        nn.Conv2d(cnf.input_channels, cnf.out_channels, kernel_size=2, stride=2),
                    )
                )
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        last = block_setting[-1]
        width = last.out_channels if last.out_channels is not None else last.input_channels
        self.classifier = nn.Sequential(norm_layer(width), nn.Flatten(1), nn.Linear(width, num_classes))
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.trunc_normal_(m.weight, std=0.02)
                if m.bias is not None:
                    nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)))


def _convnext(widths, depths, stochastic_depth_prob, weights, pretrained, kwargs):
    setting = [CNBlockConfig(c, out, n) for c, out, n in zip(widths, widths[1:] + [None], depths)]
    rate = kwargs.pop("stochastic_depth_prob", stochastic_depth_prob)
    return finish(ConvNeXt(setting, rate, **kwargs), weights, pretrained)


def convnext_tiny(weights=None, progress=True, pretrained=None, **kwargs):
    return _convnext([96, 192, 384, 768], [3, 3, 9, 3], 0.1, weights, pretrained, kwargs)


def convnext_small(weights=None, progress=True, pretrained=None, **kwargs):
    return _convnext([96, 192, 384, 768], [3, 3, 27, 3], 0.4, weights, pretrained, kwargs)


def convnext_base(weights=None, progress=True, pretrained=None, **kwargs):
    return _convnext([128, 256, 512, 1024], [3, 3, 27, 3], 0.5, weights, pretrained, kwargs)


def convnext_large(weights=None, progress=True, pretrained=None, **kwargs):
    return _convnext([192, 384, 768, 1536], [3, 3, 27, 3], 0.5, weights, pretrained, kwargs)


ConvNeXt_Tiny_Weights = WeightsEnum("ConvNeXt_Tiny_Weights")
ConvNeXt_Small_Weights = WeightsEnum("ConvNeXt_Small_Weights")
ConvNeXt_Base_Weights = WeightsEnum("ConvNeXt_Base_Weights")
ConvNeXt_Large_Weights = WeightsEnum("ConvNeXt_Large_Weights")
