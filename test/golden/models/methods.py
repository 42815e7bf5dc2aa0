"""Properties, static and class methods, getattr, functools.partial, __call__ of classes."""
from functools import partial

import torch.nn as nn

norm = partial(nn.GroupNorm, 4, eps=1e-6)


class Net(nn.Module):
    channels = (16, 32)

    def __init__(self, activation="ELU", kernel=3):
        super().__init__()
        conv = partial(nn.Conv2d, kernel_size=kernel, padding=self.padding(kernel))
        self.first = conv(3, self.width)
        self.norm = norm(self.width)
        self.act = getattr(nn, activation)(alpha=0.5)
        self.second = conv(self.width, self.channels[1])
        self.head = nn.Linear(self.channels[1], 7)

    @property
    def width(self):
        return self.channels[0]

    @staticmethod
    def padding(kernel):
        return (kernel - 1) // 2

    @classmethod
    def small(cls, **kwargs):
        return cls(kernel=1, **kwargs)

    def forward(self, x):
        x = self.act(self.norm(self.first(x)))
        return self.head(self.second(x).mean(dim=(-2, -1)))


model = Net.small(activation="CELU")
