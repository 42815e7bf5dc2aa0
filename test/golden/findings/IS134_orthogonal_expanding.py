import torch
import torch.nn as nn


def layer_init(layer, std=2**0.5):
    nn.init.orthogonal_(layer.weight, std)
    nn.init.zeros_(layer.bias)
    return layer


class Agent(nn.Module):
    """A policy for CartPole: 4 observations."""

    def __init__(self, observations=4, actions=2):
        super().__init__()
        self.actor = nn.Sequential(
            layer_init(nn.Linear(observations, 64)),
            nn.Tanh(),
            layer_init(nn.Linear(64, 64)),
            nn.Tanh(),
            layer_init(nn.Linear(64, actions), std=0.01),
        )

    def forward(self, x):
        return self.actor(x)


class Square(nn.Module):
    """Silent: nothing expands by much."""

    def __init__(self, d=64):
        super().__init__()
        self.net = nn.Sequential(*[layer_init(nn.Linear(d, d), 1.0) for _ in range(5)], nn.Tanh(), nn.Linear(d, 4))

    def forward(self, x):
        return self.net(x)


class Transition(nn.Module):
    """Silent: norms follow."""

    def __init__(self):
        super().__init__()
        self.up = nn.Conv2d(16, 256, 1, bias=False)
        self.bn = nn.BatchNorm2d(256)
        nn.init.orthogonal_(self.up.weight)

    def forward(self, x):
        return torch.relu(self.bn(self.up(x)))
