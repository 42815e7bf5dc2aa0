"""A small convolutional network for 32x32 images.

Each convolution is followed by a BatchNorm, which brings the variance back to 1
whatever the scale of the weights: here the initialization of the convolutions
hardly matters for the signal. That of the last layer still does.
"""

import torch
from torch import nn


class ConvBlock(nn.Module):
    """Convolution, normalization, activation."""

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class SmallCNN(nn.Module):
    def __init__(self, num_classes=10, width=32):
        super().__init__()
        self.features = nn.Sequential(
            ConvBlock(3, width),
            ConvBlock(width, 2 * width, stride=2),
            ConvBlock(2 * width, 4 * width, stride=2),
            ConvBlock(4 * width, 4 * width),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(4 * width, num_classes)

    def forward(self, x):
        x = self.pool(self.features(x))
        return self.classifier(torch.flatten(x, 1))


if __name__ == "__main__":
    model = SmallCNN()
    logits = model(torch.randn(8, 3, 32, 32))
