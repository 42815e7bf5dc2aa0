"""The model's parts, and what initializes them, stand in another file."""

import torch
from torch import nn
from blocks import Block, init_weights


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(64) for _ in range(6)])
        self.apply(init_weights)

    def forward(self, x):
        return self.blocks(x)
