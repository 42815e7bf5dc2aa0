import torch
import torch.nn as nn
import torch.nn.functional as F


class TanhOne(nn.Module):
    def __init__(self, d=128):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, 10)
        for fc in (self.fc1, self.fc2):
            nn.init.xavier_normal_(fc.weight)
            nn.init.constant_(fc.bias, 1.0)

    def forward(self, x):
        return self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


class DeadUnits(nn.Module):
    def __init__(self, d=128):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, 10)
        nn.init.normal_(self.fc1.weight, std=0.05)
        self.fc1.bias.data.fill_(-2.0)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class BeforeNorm(nn.Module):
    def __init__(self, c=32):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, c, 3), nn.BatchNorm2d(c)
        nn.init.kaiming_normal_(self.conv.weight)
        nn.init.constant_(self.conv.bias, 0.1)

    def forward(self, x):
        return F.selu(self.bn(self.conv(x)))


class SlightlyOn(nn.Module):
    """Silent: 0.01 keeps units alive and moves nothing."""

    def __init__(self, d=128):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, 10)
        nn.init.kaiming_normal_(self.fc1.weight)
        nn.init.constant_(self.fc1.bias, 0.01)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class Highway(nn.Module):
    """Silent: gates that start closed, and a head with a prior."""

    def __init__(self, d=128):
        super().__init__()
        self.h, self.t, self.out = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, 1)
        nn.init.constant_(self.t.bias, -2.0)
        nn.init.constant_(self.out.bias, -4.6)

    def forward(self, x):
        t = torch.sigmoid(self.t(x))
        return self.out(t * F.relu(self.h(x)) + (1 - t) * x)
