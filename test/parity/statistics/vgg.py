import torch
from torch import nn

INPUT = (8, 3, 32, 32)


class VGG(nn.Module):
    """Plain convolutions, without norms."""

    def __init__(self, plan=(64, "M", 96, 96, "M", 128, 128, "M")):
        super().__init__()
        layers = []
        channels = 3
        for item in plan:
            if item == "M":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, item, 3, padding=1), nn.ReLU(inplace=True)]
                channels = item
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(channels * 16, 256), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(256, 64)
        )
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))


model = VGG()
