import torch
from torch import nn

INPUT = (8, 64, 2)


class Sine(nn.Module):
    def __init__(self, fan_in, fan_out, omega=30.0, is_first=False):
        super().__init__()
        self.omega = omega
        self.linear = nn.Linear(fan_in, fan_out)
        bound = 1 / fan_in if is_first else (6 / fan_in) ** 0.5 / omega
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.omega * self.linear(x))


class Siren(nn.Module):
    """Sitzmann et al. 2020."""

    def __init__(self, width=256, depth=4):
        super().__init__()
        self.net = nn.Sequential(
            Sine(2, width, is_first=True), *(Sine(width, width) for _ in range(depth)), nn.Linear(width, 16)
        )

    def forward(self, x):
        return self.net(x)


model = Siren()
