import torch
import torch.nn as nn
import torch.nn.functional as F



class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(30, 30), nn.Sigmoid(), nn.Linear(30, 30), nn.Sigmoid(), nn.Linear(30, 30), nn.Sigmoid(),
            nn.Linear(30, 30), nn.Sigmoid(), nn.Linear(30, 30), nn.Sigmoid(), nn.Linear(30, 1),
        )

    def forward(self, x):
        return self.net(x)


class Gate(nn.Module):
    """Silent: a sigmoid at the output, and one that only multiplies."""

    def __init__(self):
        super().__init__()
        self.value, self.gate, self.out = nn.Linear(30, 30), nn.Linear(30, 30), nn.Linear(30, 1)

    def forward(self, x):
        return torch.sigmoid(self.out(self.value(x) * torch.sigmoid(self.gate(x))))


class Target(nn.Module):
    """Silent: what no gradient should come through needs none that does."""

    def __init__(self):
        super().__init__()
        self.target = nn.Sequential(*[m for _ in range(5) for m in (nn.Linear(30, 30), nn.Sigmoid())])
        self.online = nn.Linear(30, 30)

    def forward(self, x):
        with torch.no_grad():
            target = self.target(x)
        return self.online(x) - target
