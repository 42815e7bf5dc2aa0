"""A class that recurses with an end, one without, and a loop that never ends."""
import torch.nn as nn


class Tree(nn.Module):
    def __init__(self, depth=3, width=8):
        super().__init__()
        self.node = nn.Linear(width, width)
        self.left = Tree(depth - 1, width) if depth > 1 else nn.Identity()

    def forward(self, x):
        return self.left(self.node(x))


class Endless(nn.Module):
    def __init__(self, n=1):
        super().__init__()
        self.inner = Endless(n + 1)

    def forward(self, x):
        return self.inner(x)
