"""The network of mlp_default.py with He initialization: Var(W) = 2 / fan_in.

The factor 2 makes up for the half of the signal that ReLU throws away, so that
variance stays where it is, from the first layer to the last, for the signal on
its way up and for the gradient on its way down.
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
        self.apply(init_weights)

    def forward(self, x):
        return self.net(x)


def init_weights(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


model = DeepMLP()
