import torch
import torch.nn as nn
import torch.nn.init as init


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.fc1 = nn.Linear(16, 16)
        self.fc2 = nn.Linear(16, 10)
        init.kaiming_normal(self.conv.weight)
        init.xavier_uniform(self.fc1.weight)
        nn.init.xavier_uniform(self.fc2.weight)
        nn.init.constant_(self.conv.bias, 0)

    def forward(self, x):
        x = torch.relu(self.conv(x)).mean((2, 3))
        return self.fc2(torch.tanh(self.fc1(x)))


class helpers:
    @staticmethod
    def uniform(t):
        return t


class Own(nn.Module):
    """Silent: a function of one's own of the same name."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        helpers.uniform(self.fc.weight)

    def forward(self, x):
        return self.fc(x)
