import torch
import torch.nn as nn
import torch.nn.functional as F



class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.fc2 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 3)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.constant_(m.weight, 0.1)
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.out(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class OneOnly(nn.Module):
    """The random layer behind can part the units, but all begin as one."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(20, 64)
        self.out = nn.Linear(64, 3)
        nn.init.ones_(self.fc1.weight)

    def forward(self, x):
        return self.out(torch.tanh(self.fc1(x)))


class Softmax(nn.Module):
    """Silent: one linear layer has no hidden units to tell apart."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)
        nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return F.softmax(self.fc(x), dim=1)


class Residual(nn.Module):
    """Silent: a branch that starts at zero is the identity's best friend, and a gate may start closed."""

    def __init__(self):
        super().__init__()
        self.up = nn.Linear(32, 64)
        self.down = nn.Linear(64, 32)
        self.gate = nn.Linear(32, 32)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)
        nn.init.zeros_(self.gate.weight)

    def forward(self, x):
        return x + self.down(F.gelu(self.up(x))) * torch.sigmoid(self.gate(x))
