import torch
from torch import nn

INPUT = (8, 3, 32, 32)


def double(inside, outside):
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
        nn.Conv2d(outside, outside, 3, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.down1 = double(3, width)
        self.down2 = double(width, 2 * width)
        self.middle = double(2 * width, 4 * width)
        self.pool1 = nn.MaxPool2d(2)
        self.pool2 = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, stride=2)
        self.merge2 = double(4 * width, 2 * width)
        self.up1 = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.merge1 = double(3 * width, width)
        self.out = nn.Conv2d(width, 8, 1)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(self.pool1(first))
        x = self.up2(self.middle(self.pool2(second)))
        x = self.up1(self.merge2(torch.cat([x, second], dim=1)))
        return self.out(self.merge1(torch.cat([x, first], dim=1)))


model = UNet()
