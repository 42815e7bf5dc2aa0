"""ShuffleNetV2: every layer keeps its default initialization."""

import torch
from torch import nn
from torchvision.models.weights import WeightsEnum, finish


def channel_shuffle(x, groups):
    batch, channels, height, width = x.size()
    x = x.view(batch, groups, channels // groups, height, width)
    return torch.transpose(x, 1, 2).contiguous().view(batch, channels, height, width)


class InvertedResidual(nn.Module):
    def __init__(self, inp, oup, stride):
        super().__init__()
        if not 1 <= stride <= 3:
            raise ValueError("illegal stride value")
        self.stride = stride
        half = oup // 2
        if stride == 1 and inp != half << 1:
            raise ValueError("stride 1 needs as many input as output channels")
        if stride > 1:
            self.branch1 = nn.Sequential(
                self.depthwise_conv(inp, inp, 3, stride, 1),
                nn.BatchNorm2d(inp),
                nn.Conv2d(inp, half, 1, bias=False),
                nn.BatchNorm2d(half),
                nn.ReLU(inplace=True),
            )
        else:
            self.branch1 = nn.Sequential()
        self.branch2 = nn.Sequential(
            nn.Conv2d(inp if stride > 1 else half, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
            self.depthwise_conv(half, half, 3, stride, 1),
            nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
        )

    @staticmethod
    def depthwise_conv(i, o, kernel_size, stride=1, padding=0, bias=False):
        return nn.Conv2d(i, o, kernel_size, stride, padding, bias=bias, groups=i)

    def forward(self, x):
        if self.stride == 1:
            kept, changed = x.chunk(2, dim=1)
            return channel_shuffle(torch.cat((kept, self.branch2(changed)), dim=1), 2)
        return channel_shuffle(torch.cat((self.branch1(x), self.branch2(x)), dim=1), 2)


class ShuffleNetV2(nn.Module):
    def __init__(self, stages_repeats, stages_out_channels, num_classes=1000, inverted_residual=InvertedResidual):
        super().__init__()
        width = stages_out_channels[0]
        self.conv1 = nn.Sequential(
            nn.Conv2d(3, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        )
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        for i, (repeats, out) in enumerate(zip(stages_repeats, stages_out_channels[1:])):
            blocks = [inverted_residual(width, out, 2)]
            for _ in range(repeats - 1):
                blocks.append(inverted_residual(out, out, 1))
            setattr(self, f"stage{i + 2}", nn.Sequential(*blocks))
            width = out
        last = stages_out_channels[-1]
        self.conv5 = nn.Sequential(
            nn.Conv2d(width, last, 1, 1, 0, bias=False), nn.BatchNorm2d(last), nn.ReLU(inplace=True)
        )
        self.fc = nn.Linear(last, num_classes)

    def forward(self, x):
        x = self.maxpool(self.conv1(x))
        x = self.conv5(self.stage4(self.stage3(self.stage2(x))))
        return self.fc(x.mean([2, 3]))


def shufflenet_v2_x0_5(weights=None, progress=True, pretrained=None, **kwargs):
    return finish(ShuffleNetV2([4, 8, 4], [24, 48, 96, 192, 1024], **kwargs), weights, pretrained)


def shufflenet_v2_x1_0(weights=None, progress=True, pretrained=None, **kwargs):
    return finish(ShuffleNetV2([4, 8, 4], [24, 116, 232, 464, 1024], **kwargs), weights, pretrained)


def shufflenet_v2_x1_5(weights=None, progress=True, pretrained=None, **kwargs):
    return finish(ShuffleNetV2([4, 8, 4], [24, 176, 352, 704, 1024], **kwargs), weights, pretrained)


def shufflenet_v2_x2_0(weights=None, progress=True, pretrained=None, **kwargs):
    return finish(ShuffleNetV2([4, 8, 4], [24, 244, 488, 976, 2048], **kwargs), weights, pretrained)


ShuffleNet_V2_X0_5_Weights = WeightsEnum("ShuffleNet_V2_X0_5_Weights")
ShuffleNet_V2_X1_0_Weights = WeightsEnum("ShuffleNet_V2_X1_0_Weights")
ShuffleNet_V2_X1_5_Weights = WeightsEnum("ShuffleNet_V2_X1_5_Weights")
ShuffleNet_V2_X2_0_Weights = WeightsEnum("ShuffleNet_V2_X2_0_Weights")
