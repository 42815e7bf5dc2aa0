import torch
import torch.nn as nn


class Regressor(nn.Module):
    """Three layers, and hardly a unit of them is on tanh's slope."""

    def __init__(self, features=32, width=256):
        super().__init__()
        self.fc1 = nn.Linear(features, width)
        self.fc2 = nn.Linear(width, width)
        self.fc3 = nn.Linear(width, width)
        self.out = nn.Linear(width, 1)
        for m in (self.fc1, self.fc2, self.fc3):
            nn.init.orthogonal_(m.weight, gain=6)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        x = torch.tanh(self.fc3(x))
        return self.out(x)


class Policy(nn.Module):
    """Silent: a moderate gain, and a tanh at the end that bounds actions."""

    def __init__(self, observations=17, actions=6, width=256):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(observations, width), nn.Tanh(), nn.Linear(width, width), nn.Tanh(), nn.Linear(width, actions)
        )
        for m in self.body:
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight, gain=1.25)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return torch.tanh(self.body(x))


class Gated(nn.Module):
    """Silent: a gate may stand open."""

    def __init__(self, width=128):
        super().__init__()
        self.value = nn.Linear(width, width)
        self.gate = nn.Linear(width, width)
        self.out = nn.Linear(width, 10)
        nn.init.constant_(self.gate.bias, 6.0)

    def forward(self, x):
        return self.out(torch.relu(self.value(x)) * torch.sigmoid(self.gate(x)))
