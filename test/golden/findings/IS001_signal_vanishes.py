import torch
import torch.nn as nn
import torch.nn.functional as F



class Plain(nn.Module):
    """PyTorch's default: a sixth of the variance is left behind each ReLU, forward and back; biases hold what is seen."""

    def __init__(self, width=256, depth=16):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.head(x)


class Normed(nn.Module):
    """Silent: the norms keep signal and gradient."""

    def __init__(self, width=256, depth=16):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Sequential(nn.Linear(width, width), nn.BatchNorm1d(width), nn.ReLU()) for _ in range(depth)]
        )
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


class Shallow(nn.Module):
    """Silent: four layers of it train."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)
        )

    def forward(self, x):
        return self.net(x)


class ZeroHead(nn.Module):
    """Silent: the head at zero holds the gradient back for one step only."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*[nn.Sequential(nn.Linear(64, 64), nn.LayerNorm(64), nn.GELU()) for _ in range(6)])
        self.head = nn.Linear(64, 10)
        nn.init.zeros_(self.head.weight)

    def forward(self, x):
        return self.head(self.net(x))


class Encoder(nn.Module):
    """A remark: nine layers of it are slow to start, not lost."""

    def __init__(self, sizes=(784, 512, 512, 512, 512, 256, 256, 256, 256, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        return self.layers[-1](x)


class Biasless(nn.Module):
    """One call is to blame: the gain of tanh's linear part, 0.4, over sixteen layers."""

    def __init__(self, width=256, depth=16):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width, bias=False) for _ in range(depth)])
        self.head = nn.Linear(width, 10)
        for layer in self.layers:
            nn.init.xavier_normal_(layer.weight, gain=0.2)

    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return self.head(x)


class Residual(nn.Module):
    """Silent: each block adds to the stream, however little."""

    def __init__(self, width=256, depth=16):
        super().__init__()
        self.inner = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.outer = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        for inner, outer in zip(self.inner, self.outer):
            x = x + outer(F.relu(inner(x)))
        return self.head(x)
