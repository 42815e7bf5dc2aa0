import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    """Linear only; the convolutions stay at their default."""

    def __init__(self):
        super().__init__()
        widths = [3, 32, 64, 64, 128, 128]
        self.convs = nn.ModuleList([nn.Conv2d(a, b, 3, padding=1) for a, b in zip(widths, widths[1:])])
        self.fc1 = nn.Linear(128, 128)
        self.fc2 = nn.Linear(128, 10)
        self.apply(self.init_weights)

    def init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)

    def forward(self, x):
        for conv in self.convs:
            x = F.max_pool2d(F.relu(conv(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Decoder(nn.Module):
    """A test by name that finds Conv2d, and one by class that misses ConvTranspose2d."""

    def __init__(self, c=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(16, c, 3, padding=1), nn.ReLU(),
            nn.ConvTranspose2d(c, c, 4, 2, 1), nn.ReLU(),
            nn.ConvTranspose2d(c, c, 4, 2, 1), nn.ReLU(),
            nn.Conv2d(c, 3, 3, padding=1),
        )
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)

    def forward(self, z):
        return self.net(z)


class Language(nn.Module):
    """The embedding stays at N(0, 1)."""

    def __init__(self, vocabulary=1000, d=64):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, d)
        self.fc1, self.fc2 = nn.Linear(d, d), nn.Linear(d, vocabulary)
        self.apply(self.init_weights)

    def init_weights(self, m):
        if isinstance(m, nn.Linear):
            nn.init.normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)

    def forward(self, tokens):
        return self.fc2(F.gelu(self.fc1(self.embed(tokens))))


class Normed(nn.Module):
    """Silent: as in ResNet, the head stays at its default, and norms follow the rest."""

    def __init__(self, c=32):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(3, c, 3), nn.BatchNorm2d(c)
        self.up, self.bn2 = nn.ConvTranspose2d(c, c, 4, 2, 1), nn.BatchNorm2d(c)
        self.fc = nn.Linear(c, 10)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.ones_(m.weight)

    def forward(self, x):
        x = F.relu(self.bn2(self.up(F.relu(self.bn(self.conv(x))))))
        return self.fc(x.mean((2, 3)))


class HeadOnly(nn.Module):
    """Silent: no pass over the modules, only a head that is made special."""

    def __init__(self, d=64):
        super().__init__()
        self.body = nn.Sequential(*[nn.Sequential(nn.Linear(d, d), nn.ReLU()) for _ in range(4)])
        self.head = nn.Linear(d, 10)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.body(x))


Net()(torch.randn(1, 3, 64, 64))
Decoder()(torch.randn(1, 16, 8, 8))
