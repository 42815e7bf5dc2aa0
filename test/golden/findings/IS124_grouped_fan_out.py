import torch
import torch.nn as nn
import torch.nn.functional as F


class Separable(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.dw = nn.Conv2d(c_in, c_in, 3, stride, 1, groups=c_in, bias=False)
        self.pw = nn.Conv2d(c_in, c_out, 1, bias=False)

    def forward(self, x):
        return F.relu(self.pw(self.dw(x)))


class MobileNet(nn.Module):
    """No norms: the count of the depthwise kernels is what their σ hangs on."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2, 1, bias=False)
        self.blocks = nn.Sequential(Separable(32, 64), Separable(64, 128, 2), Separable(128, 128))
        self.fc = nn.Linear(128, num_classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        x = self.blocks(F.relu(self.stem(x)))
        return self.fc(x.mean((2, 3)))


class XavierMobileNet(MobileNet):
    """The average of both fans is as wrong."""

    def __init__(self):
        super().__init__()
        for block in self.blocks:
            nn.init.xavier_uniform_(block.dw.weight)
            nn.init.kaiming_normal_(block.pw.weight)
        nn.init.kaiming_normal_(self.stem.weight)


class FanIn(MobileNet):
    """Silent: fan_in is counted within the group."""

    def __init__(self):
        super().__init__()
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")


class Normed(nn.Module):
    """Silent: BatchNorm takes the scale off."""

    def __init__(self, c=64):
        super().__init__()
        layers = []
        for _ in range(4):
            layers += [nn.Conv2d(c, c, 3, padding=1, groups=c, bias=False), nn.BatchNorm2d(c), nn.ReLU6()]
            layers += [nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c)]
        self.net = nn.Sequential(*layers)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")

    def forward(self, x):
        return self.net(x)


FanIn()(torch.randn(1, 3, 32, 32))
