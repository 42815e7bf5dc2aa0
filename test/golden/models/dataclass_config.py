"""Settings in a dataclass, an enum, a NamedTuple and a dictionary."""
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import torch.nn as nn


class Activation(Enum):
    RELU = "relu"
    GELU = "gelu"


class Size(NamedTuple):
    channels: int
    kernel: int = 3


@dataclass
class Config:
    sizes: list = field(default_factory=lambda: [Size(8), Size(16, 5)])
    activation: Activation = Activation.GELU
    bias: bool = False
    hidden: int = 0

    def __post_init__(self):
        self.hidden = self.hidden or 4 * self.sizes[-1].channels


ACTIVATIONS = {Activation.RELU: nn.ReLU, Activation.GELU: nn.GELU}


class Net(nn.Module):
    def __init__(self, config=Config()):
        super().__init__()
        layers, channels = [], 3
        for size in config.sizes:
            layers.append(nn.Conv2d(channels, size.channels, size.kernel, padding=size.kernel // 2, bias=config.bias))
            layers.append(ACTIVATIONS[config.activation]())
            channels = size.channels
        self.features = nn.Sequential(*layers)
        self.up = nn.Conv2d(channels, config.hidden, 1)

    def forward(self, x):
        return self.up(self.features(x)).mean((2, 3))
