import torch
import torch.nn as nn


class Binary(nn.Module):
    """Nothing says that one class is rare."""

    def __init__(self, d=64):
        super().__init__()
        self.body = nn.Linear(d, d)
        self.out = nn.Linear(d, 1)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        return self.out(torch.tanh(self.body(x)))


def loss(model, x, y):
    return nn.BCEWithLogitsLoss()(model(x), y)
