"""DCGAN's discriminator, as in the PyTorch examples."""

import torch.nn as nn


class Discriminator(nn.Module):
    def __init__(self, c=64):
        super().__init__()
        self.conv1 = nn.Conv2d(3, c, 4, 2, 1)
        self.act = nn.LeakyReLU()
        self.out = nn.Linear(c, 1)

    def forward(self, x):
        return self.out(self.act(self.conv1(x)).mean((2, 3)))
