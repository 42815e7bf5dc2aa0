"""What set a weight reads as the user wrote it."""
import math

import torch
import torch.nn as nn
from torch.nn.utils.parametrizations import weight_norm


class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 4)
        self.c = nn.Linear(4, 4)
        self.d = weight_norm(nn.Linear(4, 4))
        self.e = nn.Linear(4, hidden)
        self.a.weight.data[0] = 0  # the first row
        self.b.weight.data = torch.randn(4, 4) * 0.1
        with torch.no_grad():
            self.c.weight.copy_(torch.eye(4))
            if hidden: self.c.bias[1:] = 1
        nn.init.uniform_(self.e.weight, -1 / math.sqrt(hidden), 1 / math.sqrt(hidden))

    def forward(self, x):
        x = self.d(self.a(x))
        y = sum(f(x) for f in [self.b, self.c])
        return self.e(y)[:, [-1]] + self.e(y)[:, [0, 2]].sum()
