from torch import nn

INPUT = (8, 3, 24, 24)


class Net(nn.Module):
    """Group, instance and layer norm over maps, weight-less and with weights."""

    def __init__(self, width=96):
        super().__init__()
        norms = [
            nn.GroupNorm(8, width),
            nn.InstanceNorm2d(width),
            nn.GroupNorm(1, width),
            nn.InstanceNorm2d(width, affine=True),
            nn.GroupNorm(24, width),
        ]
        layers = [nn.Conv2d(3, width, 3, stride=2, padding=1)]
        for norm in norms:
            layers += [norm, nn.SiLU(), nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect")]
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


model = Net()
