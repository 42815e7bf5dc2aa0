"""Two stacks of saturating activations with Glorot (Xavier) initialization.

tanh is almost linear near zero, so a gain of 1 loses the signal only slowly.
sigmoid's slope is at most 1/4: the gradient shrinks in every layer, and no
initialization can change that. Compare the two in the panel.
"""

from torch import nn


class Stack(nn.Module):
    """`depth` layers of one width, all with the same activation."""

    def __init__(self, activation, width=256, depth=10):
        super().__init__()
        layers = []
        for _ in range(depth):
            linear = nn.Linear(width, width)
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
            layers += [linear, activation()]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class TanhStack(Stack):
    def __init__(self):
        super().__init__(nn.Tanh)


class SigmoidStack(Stack):
    def __init__(self):
        super().__init__(nn.Sigmoid)
