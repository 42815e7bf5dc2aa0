"""Conditions that the file does not decide: both sides are followed, and what differs is unknown."""
import os

import torch
import torch.nn as nn

from settings import normalized, variant

DEEP = os.environ.get("DEEP")


class Net(nn.Module):
    def __init__(self, width=int(os.environ.get("WIDTH", 64))):
        super().__init__()
        if DEEP:
            self.body = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 10))
        else:
            self.body = nn.Linear(10, 10)
        scale = 0.1 if torch.cuda.is_available() else 0.2
        self.fc = nn.Linear(10, width)
        nn.init.normal_(self.fc.weight, std=scale)
        if normalized:
            self.norm = nn.LayerNorm(width)
        self.last = nn.Linear(width, 10 if variant == "small" else 100)
        assert width > 0, "width"

    def forward(self, x):
        x = self.body(x)
        if x.sum() > 0:
            x = x * 2
        x = self.fc(x)
        if normalized:
            x = self.norm(x)
        return self.last(x)
