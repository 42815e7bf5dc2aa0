"""EfficientNet: convolutions kaiming_normal_(fan_out), the last layer uniform in ±1/√out_features."""

import copy
import math
from functools import partial

import torch
from torch import nn
from torchvision.models._utils import _make_divisible
from torchvision.models.weights import WeightsEnum, finish
from torchvision.ops import StochasticDepth
from torchvision.ops.misc import Conv2dNormActivation, SqueezeExcitation


class _MBConvConfig:
    def __init__(self, expand_ratio, kernel, stride, input_channels, out_channels, num_layers, block):
        self.expand_ratio = expand_ratio
        self.kernel = kernel
        self.stride = stride
        self.input_channels = input_channels
        self.out_channels = out_channels
        self.num_layers = num_layers
        self.block = block

    @staticmethod
    def adjust_channels(channels, width_mult, min_value=None):
        return _make_divisible(channels * width_mult, 8, min_value)


class MBConvConfig(_MBConvConfig):
    def __init__(
        self,
        expand_ratio,
        kernel,
        stride,
        input_channels,
        out_channels,
        num_layers,
        width_mult=1.0,
        depth_mult=1.0,
        block=None,
    ):
        super().__init__(
            expand_ratio,
            kernel,
            stride,
            self.adjust_channels(input_channels, width_mult),
            self.adjust_channels(out_channels, width_mult),
            int(math.ceil(num_layers * depth_mult)),
            MBConv if block is None else block,
        )


class FusedMBConvConfig(_MBConvConfig):
    def __init__(self, expand_ratio, kernel, stride, input_channels, out_channels, num_layers, block=None):
        super().__init__(
            expand_ratio,
            kernel,
            stride,
            input_channels,
            out_channels,
            num_layers,
            FusedMBConv if block is None else block,
        )


class _Residual(nn.Module):
    def _finish(self, cnf, layers, stochastic_depth_prob):
        self.use_res_connect = cnf.stride == 1 and cnf.input_channels == cnf.out_channels
        self.block = nn.Sequential(*layers)
        self.stochastic_depth = StochasticDepth(stochastic_depth_prob, "row")
        self.out_channels = cnf.out_channels

    def forward(self, input):
        result = self.block(input)
        if self.use_res_connect:
            result = self.stochastic_depth(result)
            result += input
        return result


class MBConv(_Residual):
    def __init__(self, cnf, stochastic_depth_prob, norm_layer, se_layer=SqueezeExcitation):
        super().__init__()
        expanded = cnf.adjust_channels(cnf.input_channels, cnf.expand_ratio)
        layers = []
        if expanded != cnf.input_channels:
            layers.append(
                Conv2dNormActivation(cnf.input_channels, expanded, 1, norm_layer=norm_layer, activation_layer=nn.SiLU)
            )
        layers.append(
            Conv2dNormActivation(
                expanded,
                expanded,
                cnf.kernel,
                cnf.stride,
                groups=expanded,
                norm_layer=norm_layer,
                activation_layer=nn.SiLU,
            )
        )
        layers.append(se_layer(expanded, max(1, cnf.input_channels // 4), activation=partial(nn.SiLU, inplace=True)))
        layers.append(Conv2dNormActivation(expanded, cnf.out_channels, 1, norm_layer=norm_layer, activation_layer=None))
        self._finish(cnf, layers, stochastic_depth_prob)


class FusedMBConv(_Residual):
    def __init__(self, cnf, stochastic_depth_prob, norm_layer):
        super().__init__()
        expanded = cnf.adjust_channels(cnf.input_channels, cnf.expand_ratio)
        if expanded != cnf.input_channels:
            layers = [
                Conv2dNormActivation(
                    cnf.input_channels,
                    expanded,
                    cnf.kernel,
                    cnf.stride,
                    norm_layer=norm_layer,
                    activation_layer=nn.SiLU,
                ),
                Conv2dNormActivation(expanded, cnf.out_channels, 1, norm_layer=norm_layer, activation_layer=None),
            ]
        else:
            layers = [
                Conv2dNormActivation(
                    cnf.input_channels,
                    cnf.out_channels,
                    cnf.kernel,
                    cnf.stride,
                    norm_layer=norm_layer,
                    activation_layer=nn.SiLU,
                )
            ]
        self._finish(cnf, layers, stochastic_depth_prob)


class EfficientNet(nn.Module):
    def __init__(
        self,
        inverted_residual_setting,
        dropout,
        stochastic_depth_prob=0.2,
        num_classes=1000,
        norm_layer=None,
        last_channel=None,
    ):
        super().__init__()
        norm_layer = nn.BatchNorm2d if norm_layer is None else norm_layer
        first = inverted_residual_setting[0].input_channels
        layers = [
            Conv2dNormActivation(3, first, kernel_size=3, stride=2, norm_layer=norm_layer, activation_layer=nn.SiLU)
        ]
        total = sum(cnf.num_layers for cnf in inverted_residual_setting)
        done = 0
        for cnf in inverted_residual_setting:
            stage = []
            for _ in range(cnf.num_layers):
                own = copy.copy(cnf)
                if stage:
                    own.input_channels = own.out_channels
                    own.stride = 1
                stage.append(own.block(own, stochastic_depth_prob * float(done) / total, norm_layer))
                done += 1
            layers.append(nn.Sequential(*stage))
        width = inverted_residual_setting[-1].out_channels
        last = last_channel if last_channel is not None else 4 * width
        layers.append(Conv2dNormActivation(width, last, kernel_size=1, norm_layer=norm_layer, activation_layer=nn.SiLU))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Sequential(nn.Dropout(p=dropout, inplace=True), nn.Linear(last, num_classes))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
            elif isinstance(m, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.ones_(m.weight)
                nn.init.zeros_(m.bias)
            elif isinstance(m, nn.Linear):
                bound = 1.0 / math.sqrt(m.out_features)
                nn.init.uniform_(m.weight, -bound, bound)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(torch.flatten(x, 1))


def _efficientnet(width_mult, depth_mult, dropout, weights, pretrained, kwargs):
    # expansion, kernel, stride, input, output, layers
    rows = [
        (1, 3, 1, 32, 16, 1),
        (6, 3, 2, 16, 24, 2),
        (6, 5, 2, 24, 40, 2),
        (6, 3, 2, 40, 80, 3),
        (6, 5, 1, 80, 112, 3),
        (6, 5, 2, 112, 192, 4),
        (6, 3, 1, 192, 320, 1),
    ]
    setting = [MBConvConfig(*row, width_mult=width_mult, depth_mult=depth_mult) for row in rows]
    return finish(EfficientNet(setting, kwargs.pop("dropout", dropout), **kwargs), weights, pretrained)


def efficientnet_b0(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.0, 1.0, 0.2, weights, pretrained, kwargs)


def efficientnet_b1(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.0, 1.1, 0.2, weights, pretrained, kwargs)


def efficientnet_b2(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.1, 1.2, 0.3, weights, pretrained, kwargs)


def efficientnet_b3(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.2, 1.4, 0.3, weights, pretrained, kwargs)


def efficientnet_b4(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.4, 1.8, 0.4, weights, pretrained, kwargs)


def _with_norm(kwargs):
    return {"norm_layer": partial(nn.BatchNorm2d, eps=0.001, momentum=0.01), **kwargs}


def efficientnet_b5(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.6, 2.2, 0.4, weights, pretrained, _with_norm(kwargs))


def efficientnet_b6(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(1.8, 2.6, 0.5, weights, pretrained, _with_norm(kwargs))


def efficientnet_b7(weights=None, progress=True, pretrained=None, **kwargs):
    return _efficientnet(2.0, 3.1, 0.5, weights, pretrained, _with_norm(kwargs))


def _efficientnet_v2(fused, rows, dropout, weights, pretrained, kwargs):
    setting = [FusedMBConvConfig(*row) for row in fused] + [MBConvConfig(*row) for row in rows]
    options = {"norm_layer": partial(nn.BatchNorm2d, eps=1e-03), **kwargs}
    return finish(
        EfficientNet(setting, options.pop("dropout", dropout), last_channel=1280, **options), weights, pretrained
    )


def efficientnet_v2_s(weights=None, progress=True, pretrained=None, **kwargs):
    fused = [(1, 3, 1, 24, 24, 2), (4, 3, 2, 24, 48, 4), (4, 3, 2, 48, 64, 4)]
    rows = [(4, 3, 2, 64, 128, 6), (6, 3, 1, 128, 160, 9), (6, 3, 2, 160, 256, 15)]
    return _efficientnet_v2(fused, rows, 0.2, weights, pretrained, kwargs)


def efficientnet_v2_m(weights=None, progress=True, pretrained=None, **kwargs):
    fused = [(1, 3, 1, 24, 24, 3), (4, 3, 2, 24, 48, 5), (4, 3, 2, 48, 80, 5)]
    rows = [(4, 3, 2, 80, 160, 7), (6, 3, 1, 160, 176, 14), (6, 3, 2, 176, 304, 18), (6, 3, 1, 304, 512, 5)]
    return _efficientnet_v2(fused, rows, 0.3, weights, pretrained, kwargs)


def efficientnet_v2_l(weights=None, progress=True, pretrained=None, **kwargs):
    fused = [(1, 3, 1, 32, 32, 4), (4, 3, 2, 32, 64, 7), (4, 3, 2, 64, 96, 7)]
    rows = [(4, 3, 2, 96, 192, 10), (6, 3, 1, 192, 224, 19), (6, 3, 2, 224, 384, 25), (6, 3, 1, 384, 640, 7)]
    return _efficientnet_v2(fused, rows, 0.4, weights, pretrained, kwargs)


EfficientNet_B0_Weights = WeightsEnum("EfficientNet_B0_Weights")
EfficientNet_B1_Weights = WeightsEnum("EfficientNet_B1_Weights")
EfficientNet_B2_Weights = WeightsEnum("EfficientNet_B2_Weights")
EfficientNet_B3_Weights = WeightsEnum("EfficientNet_B3_Weights")
EfficientNet_B4_Weights = WeightsEnum("EfficientNet_B4_Weights")
EfficientNet_B5_Weights = WeightsEnum("EfficientNet_B5_Weights")
EfficientNet_B6_Weights = WeightsEnum("EfficientNet_B6_Weights")
EfficientNet_B7_Weights = WeightsEnum("EfficientNet_B7_Weights")
EfficientNet_V2_S_Weights = WeightsEnum("EfficientNet_V2_S_Weights")
EfficientNet_V2_M_Weights = WeightsEnum("EfficientNet_V2_M_Weights")
EfficientNet_V2_L_Weights = WeightsEnum("EfficientNet_V2_L_Weights")
