import torch
import torch.nn as nn


class Residual(nn.Module):
    """Each block triples the variance of a stream that nothing normalizes."""

    def __init__(self, width=256, depth=24):
        super().__init__()
        self.up = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.down = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.head = nn.Linear(width, 10)
        for layer in [*self.up, *self.down]:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        for up, down in zip(self.up, self.down):
            x = x + down(up(x).relu())
        return self.head(x)


class Fixup(nn.Module):
    """Silent: the last layer of each branch starts at zero."""

    def __init__(self, width=256, depth=24):
        super().__init__()
        self.up = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.down = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.head = nn.Linear(width, 10)
        for up, down in zip(self.up, self.down):
            nn.init.kaiming_normal_(up.weight, nonlinearity="relu")
            nn.init.zeros_(down.weight)
            nn.init.zeros_(down.bias)

    def forward(self, x):
        for up, down in zip(self.up, self.down):
            x = x + down(up(x).relu())
        return self.head(x)


class PreNorm(nn.Module):
    """Silent: the stream grows by one a block."""

    def __init__(self, width=256, depth=24):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(depth))
        self.up = nn.ModuleList(nn.Linear(width, 4 * width) for _ in range(depth))
        self.down = nn.ModuleList(nn.Linear(4 * width, width) for _ in range(depth))
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        for norm, up, down in zip(self.norms, self.up, self.down):
            x = x + down(torch.relu(up(norm(x))))
        return self.head(x)
