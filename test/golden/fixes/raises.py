"""Calls that raise while a model is built."""

import torch
import torch.nn as nn


class UnknownGain(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 20)
        nn.init.xavier_uniform_(self.fc.weight, gain=nn.init.calculate_gain("gelu"))

    def forward(self, x):
        return self.fc(x)


class UnknownNonlinearity(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 20)
        nn.init.kaiming_uniform_(self.fc.weight, mode="fan_out", nonlinearity="silu")

    def forward(self, x):
        return self.fc(x)


class NoFans(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 20)
        for p in self.parameters():
            nn.init.xavier_uniform_(p)

    def forward(self, x):
        return self.fc(x)


class BiasWithFans(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 20)
        nn.init.kaiming_normal_(self.fc.weight)
        nn.init.kaiming_normal_(self.fc.bias.data)

    def forward(self, x):
        return self.fc(x)


class NoBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        for m in self.modules():
            if isinstance(m, nn.Conv2d): nn.init.kaiming_normal_(m.weight); m.bias.data.fill_(0)  # both

    def forward(self, x):
        return self.conv(x)


class NoBiasEither(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        nn.init.constant_(
            self.conv.bias,
            0.0,
        )

    def forward(self, x):
        return self.conv(x)
