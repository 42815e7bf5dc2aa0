from torch import nn

INPUT = (8, 3, 24, 24)


class Block(nn.Module):
    """He et al. 2016: norm and rectifier come first, the stream stays bare."""

    def __init__(self, width):
        super().__init__()
        self.branch = nn.Sequential(
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
        )

    def forward(self, x):
        return x + self.branch(x)


class ResNet(nn.Module):
    def __init__(self, width=96, depth=6):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, stride=2, padding=1, bias=False)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(depth)])
        self.norm = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(width, 64)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.relu(self.norm(self.blocks(self.stem(x))))
        return self.head(self.pool(x).flatten(1))


model = ResNet()
