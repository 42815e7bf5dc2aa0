import torch
import torch.nn as nn
import torch.nn.functional as F



class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 500)
        self.fc2 = nn.Linear(500, 500)
        self.fc3 = nn.Linear(500, 10)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                m.weight.data.normal_()

    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


class Uniform(nn.Module):
    """U(0, 1) has a mean of 0.5 besides."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 64)
        self.fc2 = nn.Linear(64, 1)
        nn.init.uniform_(self.fc1.weight)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x)))


class Small(nn.Module):
    """Silent: so few inputs that it hardly matters; an embedding, whose rows are not summed."""

    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(100, 16)
        self.fc = nn.Linear(16, 4)
        nn.init.normal_(self.emb.weight)
        nn.init.normal_(self.fc.weight, std=0.2)

    def forward(self, i):
        return self.fc(self.emb(i))
