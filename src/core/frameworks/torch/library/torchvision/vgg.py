"""VGG: convolutions kaiming_normal_(fan_out, relu), linear layers N(0, 0.01), biases zero."""

import torch
from torch import nn
from torchvision.models.weights import WeightsEnum, finish


class VGG(nn.Module):
    def __init__(self, features, num_classes=1000, init_weights=True, dropout=0.5):
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes),
        )
        if init_weights:
            for m in self.modules():
                if isinstance(m, nn.Conv2d):
                    nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                    if m.bias is not None:
                        nn.init.constant_(m.bias, 0)
                elif isinstance(m, nn.BatchNorm2d):
                    nn.init.constant_(m.weight, 1)
                    nn.init.constant_(m.bias, 0)
                elif isinstance(m, nn.Linear):
                    nn.init.normal_(m.weight, 0, 0.01)
                    nn.init.constant_(m.bias, 0)

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(torch.flatten(x, 1))


def make_layers(cfg, batch_norm=False):
    layers = []
    width = 3
    for v in cfg:
        if v == "M":
            layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
            continue
        layers.append(nn.Conv2d(width, v, kernel_size=3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(v))
        layers.append(nn.ReLU(inplace=True))
        width = v
    return nn.Sequential(*layers)


cfgs = {
    "A": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "B": [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "D": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
    "E": [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
}


def _vgg(cfg, batch_norm, weights, pretrained, kwargs):
    if weights or pretrained:
        kwargs["init_weights"] = False
    return finish(VGG(make_layers(cfgs[cfg], batch_norm), **kwargs), weights, pretrained)


def vgg11(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("A", False, weights, pretrained, kwargs)


def vgg11_bn(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("A", True, weights, pretrained, kwargs)


def vgg13(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("B", False, weights, pretrained, kwargs)


def vgg13_bn(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("B", True, weights, pretrained, kwargs)


def vgg16(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("D", False, weights, pretrained, kwargs)


def vgg16_bn(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("D", True, weights, pretrained, kwargs)


def vgg19(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("E", False, weights, pretrained, kwargs)


def vgg19_bn(weights=None, progress=True, pretrained=None, **kwargs):
    return _vgg("E", True, weights, pretrained, kwargs)


VGG11_Weights = WeightsEnum("VGG11_Weights")
VGG11_BN_Weights = WeightsEnum("VGG11_BN_Weights")
VGG13_Weights = WeightsEnum("VGG13_Weights")
VGG13_BN_Weights = WeightsEnum("VGG13_BN_Weights")
VGG16_Weights = WeightsEnum("VGG16_Weights")
VGG16_BN_Weights = WeightsEnum("VGG16_BN_Weights")
VGG19_Weights = WeightsEnum("VGG19_Weights")
VGG19_BN_Weights = WeightsEnum("VGG19_BN_Weights")
