"""The input's shape stands in a comment, (B, 1, 20, 30)."""
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.LazyLinear(2)

    def forward(self, x):  # x: (B, 1, 20, 30)
        return self.fc(self.conv(x).flatten(1))
