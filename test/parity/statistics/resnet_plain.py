from torch import nn

INPUT = (8, 3, 24, 24)


class Block(nn.Module):
    """No norm: the last convolution of a branch is scaled down."""

    def __init__(self, width, scale):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.act = nn.ReLU()
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)
        nn.init.kaiming_normal_(self.conv1.weight, nonlinearity="relu")
        nn.init.kaiming_normal_(self.conv2.weight, nonlinearity="relu")
        self.conv2.weight.data.mul_(scale)

    def forward(self, x):
        return x + self.conv2(self.act(self.conv1(x)))


class ResNet(nn.Module):
    def __init__(self, width=96, depth=6):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, stride=2, padding=1)
        self.blocks = nn.Sequential(*[Block(width, depth**-0.5) for _ in range(depth)])
        self.down = nn.AvgPool2d(2)
        self.last = nn.Conv2d(width, 64, 1)

    def forward(self, x):
        return self.last(self.down(self.blocks(self.stem(x))))


model = ResNet()
