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
