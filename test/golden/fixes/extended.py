"""An initializer that forgets a type: it gets one more branch."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, pretrained=None):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(),
            nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(32 * 64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
        self.apply(self._init_weights)
        if pretrained is not None:
            self.load_state_dict(torch.load(pretrained))

    def _init_weights(self, m):
        if isinstance(m, nn.Conv2d):
            nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
            nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.classifier(self.features(x))


net = Net()
net(torch.randn(1, 3, 8, 8))


class Loads(nn.Module):
    def __init__(self):
        super().__init__()
        layers = []
        for _ in range(16):
            layers += [nn.Linear(64, 64, bias=False), nn.LeakyReLU(0.2)]
        self.net = nn.Sequential(*layers)
        self.load_state_dict(torch.load("weights.pt"), strict=False)

    def forward(self, x):
        return self.net(x)
