"""timm's ResNet: kaiming_normal_(fan_out, relu); the last normalization of each block starts at zero."""

import torch.nn.functional as F
from timm.layers import create_classifier
from torch import nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(
        self,
        inplanes,
        planes,
        stride=1,
        downsample=None,
        cardinality=1,
        base_width=64,
        act_layer=nn.ReLU,
        norm_layer=nn.BatchNorm2d,
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = norm_layer(planes)
        self.drop_block = nn.Identity()
        self.act1 = act_layer(inplace=True)
        self.aa = nn.Identity()
        self.conv2 = nn.Conv2d(planes, planes, kernel_size=3, padding=1, bias=False)
        self.bn2 = norm_layer(planes)
        self.act2 = act_layer(inplace=True)
        self.downsample = downsample

    def zero_init_last(self):
        nn.init.zeros_(self.bn2.weight)

    def forward(self, x):
        out = self.act1(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.act2(out)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(
        self,
        inplanes,
        planes,
        stride=1,
        downsample=None,
        cardinality=1,
        base_width=64,
        act_layer=nn.ReLU,
        norm_layer=nn.BatchNorm2d,
    ):
        super().__init__()
        width = planes * base_width // 64 * cardinality
        self.conv1 = nn.Conv2d(inplanes, width, kernel_size=1, bias=False)
        self.bn1 = norm_layer(width)
        self.act1 = act_layer(inplace=True)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, stride=stride, padding=1, groups=cardinality, bias=False)
        self.bn2 = norm_layer(width)
        self.drop_block = nn.Identity()
        self.act2 = act_layer(inplace=True)
        self.aa = nn.Identity()
        self.conv3 = nn.Conv2d(width, planes * self.expansion, kernel_size=1, bias=False)
        self.bn3 = norm_layer(planes * self.expansion)
        self.act3 = act_layer(inplace=True)
        self.downsample = downsample

    def zero_init_last(self):
        nn.init.zeros_(self.bn3.weight)

    def forward(self, x):
        out = self.act1(self.bn1(self.conv1(x)))
        out = self.act2(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.act3(out)


class ResNet(nn.Module):
    def __init__(
        self,
        block,
        layers,
        num_classes=1000,
        in_chans=3,
        global_pool="avg",
        cardinality=1,
        base_width=64,
        act_layer=nn.ReLU,
        norm_layer=nn.BatchNorm2d,
        drop_rate=0.0,
        zero_init_last=True,
        **kwargs,
    ):
        super().__init__()
        self.num_classes = num_classes
        self.drop_rate = drop_rate
        self.conv1 = nn.Conv2d(in_chans, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = norm_layer(64)
        self.act1 = act_layer(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        inplanes = 64
        for i, (planes, count) in enumerate(zip((64, 128, 256, 512), layers)):
            blocks = []
            for j in range(count):
                stride = 2 if i > 0 and j == 0 else 1
                out = planes * block.expansion
                downsample = None
                if stride != 1 or inplanes != out:
                    downsample = nn.Sequential(nn.Conv2d(inplanes, out, 1, stride=stride, bias=False), norm_layer(out))
                blocks.append(
                    block(inplanes, planes, stride, downsample, cardinality, base_width, act_layer, norm_layer)
                )
                inplanes = out
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.num_features = self.head_hidden_size = inplanes
        self.global_pool, self.fc = create_classifier(inplanes, num_classes, pool_type=global_pool)
        self.init_weights(zero_init_last)

    def init_weights(self, zero_init_last=True):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
        if zero_init_last:
            for m in self.modules():
                if hasattr(m, "zero_init_last"):
                    m.zero_init_last()

    def get_classifier(self, name_only=False):
        return "fc" if name_only else self.fc

    def reset_classifier(self, num_classes, global_pool="avg"):
        self.num_classes = num_classes
        self.global_pool, self.fc = create_classifier(self.num_features, num_classes, pool_type=global_pool)

    def forward_features(self, x):
        x = self.maxpool(self.act1(self.bn1(self.conv1(x))))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))

    def forward_head(self, x, pre_logits=False):
        x = self.global_pool(x)
        if self.drop_rate:
            x = F.dropout(x, p=float(self.drop_rate), training=self.training)
        return x if pre_logits else self.fc(x)

    def forward(self, x):
        return self.forward_head(self.forward_features(x))


def _create_resnet(block, layers, pretrained, kwargs):
    for name in ("pretrained_cfg", "pretrained_cfg_overlay"):
        kwargs.pop(name, None)
    model = ResNet(block, layers, **kwargs)
    if pretrained:
        model.load_state_dict("pretrained")
    return model


def resnet18(pretrained=False, **kwargs):
    return _create_resnet(BasicBlock, (2, 2, 2, 2), pretrained, kwargs)


def resnet34(pretrained=False, **kwargs):
    return _create_resnet(BasicBlock, (3, 4, 6, 3), pretrained, kwargs)


def resnet50(pretrained=False, **kwargs):
    return _create_resnet(Bottleneck, (3, 4, 6, 3), pretrained, kwargs)


def resnet101(pretrained=False, **kwargs):
    return _create_resnet(Bottleneck, (3, 4, 23, 3), pretrained, kwargs)


def resnet152(pretrained=False, **kwargs):
    return _create_resnet(Bottleneck, (3, 8, 36, 3), pretrained, kwargs)


def resnext50_32x4d(pretrained=False, **kwargs):
    return _create_resnet(Bottleneck, (3, 4, 6, 3), pretrained, {"cardinality": 32, "base_width": 4, **kwargs})


def wide_resnet50_2(pretrained=False, **kwargs):
    return _create_resnet(Bottleneck, (3, 4, 6, 3), pretrained, {"base_width": 128, **kwargs})
