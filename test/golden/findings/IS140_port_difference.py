"""DCGAN's discriminator, ported from the Keras example."""

import torch
import torch.nn as nn


class Discriminator(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.conv1 = nn.Conv2d(3, c, 4, 2, 1)
        self.conv2 = nn.Conv2d(c, c, 4, 2, 1)
        self.act1 = nn.LeakyReLU()
        self.act2 = nn.LeakyReLU(0.3)
        self.out = nn.Linear(c, 1)

    def forward(self, x):
        x = self.act2(self.conv2(self.act1(self.conv1(x))))
        return self.out(x.mean((2, 3)))
