from torch import nn

INPUT = (8, 3, 32, 32)


class Separable(nn.Sequential):
    def __init__(self, inside, outside, stride):
        super().__init__(
            nn.Conv2d(inside, inside, 3, stride, 1, groups=inside, bias=False),
            nn.BatchNorm2d(inside),
            nn.ReLU6(inplace=True),
            nn.Conv2d(inside, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU6(inplace=True),
        )


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 48, 3, 1, 1, bias=False), nn.BatchNorm2d(48), nn.ReLU6(inplace=True))
        self.body = nn.Sequential(Separable(48, 96, 2), Separable(96, 96, 1), Separable(96, 192, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(192, 64)

    def forward(self, x):
        return self.head(self.pool(self.body(self.stem(x))).flatten(1))


model = MobileNet()
