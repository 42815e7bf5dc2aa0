import torch
import torch.nn as nn
import torch.nn.functional as F



class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(300, 300) for _ in range(10)])
        self.apply(self._init_weights)

    def _init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.xavier_uniform_(m.weight)
            nn.init.zeros_(m.bias)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


class Smooth(Net):
    """He's σ is ReLU's; the one that is named here is SiLU's."""

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.silu(layer(x))
        return self.layers[-1](x)


class WithGain(nn.Module):
    """Silent: the gain makes up for the ReLU."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(300, 300) for _ in range(10)])
        for layer in self.layers:
            nn.init.xavier_normal_(layer.weight, gain=nn.init.calculate_gain("relu"))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


class PreNorm(nn.Module):
    """Silent: every block begins with a norm, and the stream is normalized."""

    def __init__(self, width=128):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(6)])
        self.up = nn.ModuleList([nn.Linear(width, 4 * width) for _ in range(6)])
        self.down = nn.ModuleList([nn.Linear(4 * width, width) for _ in range(6)])
        self.norm = nn.LayerNorm(width)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.xavier_uniform_(m.weight)

    def forward(self, x):
        for norm, up, down in zip(self.norms, self.up, self.down):
            x = x + down(F.gelu(up(norm(x))))
        return self.norm(x)
