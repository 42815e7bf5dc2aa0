"""A deep ReLU network as most people first write it: with PyTorch's defaults.

nn.Linear draws its weights from U(-1/sqrt(fan_in), 1/sqrt(fan_in)), so Var(W) =
1 / (3 * fan_in). Each layer thus passes on a third of the variance it gets, and
ReLU throws away half of what is left. After twenty layers hardly anything of
the input remains, and the gradient that reaches the first layer is fifteen
orders of magnitude too small.

Hover a layer, or run "InitScope: Inspect Model" from the command palette.
"""

from torch import nn

WIDTH = 1000
DEPTH = 20


class DeepMLP(nn.Module):
    def __init__(self, width=WIDTH, depth=DEPTH):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers.append(nn.Linear(width, width))
            layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)

    def forward(self, x):
        return self.net(x)


model = DeepMLP()
