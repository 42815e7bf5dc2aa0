import torch
import torch.nn as nn
import torch.nn.functional as F



class LoRA(nn.Module):
    def __init__(self, width, rank=8):
        super().__init__()
        self.base = nn.Linear(width, width)
        self.a = nn.Linear(width, rank, bias=False)
        self.b = nn.Linear(rank, width, bias=False)
        nn.init.zeros_(self.b.weight)

    def forward(self, x):
        return self.base(x) + self.b(self.a(x))


class Stuck(LoRA):
    def __init__(self, width):
        super().__init__(width)
        nn.init.zeros_(self.a.weight)


# Silent: B alone is zero.
right = LoRA(64)
stuck = Stuck(64)


class Target(nn.Module):
    """Silent: a target network waits for the weights of the one that learns."""

    def __init__(self):
        super().__init__()
        self.online = nn.Linear(32, 32)
        self.down, self.up = nn.Linear(32, 64, bias=False), nn.Linear(64, 32, bias=False)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        with torch.no_grad():
            target = self.up(torch.relu(self.down(x)))
        return self.online(x) + target
