import torch
import torch.nn as nn
import torch.nn.functional as F



class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 4, 2, 1)
        self.conv2 = nn.Conv2d(64, 128, 4, 2, 1)
        for m in (self.conv1, self.conv2):
            nn.init.kaiming_normal_(m.weight, a=0.2, mode="fan_in", nonlinearity="relu")

    def forward(self, x):
        x = F.leaky_relu(self.conv1(x), 0.2)
        return F.leaky_relu(self.conv2(x), 0.2)


class Right(nn.Module):
    """Silent: the slope counts."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 4, 2, 1)
        self.conv2 = nn.Conv2d(64, 128, 4, 2, 1)
        for m in (self.conv1, self.conv2):
            nn.init.kaiming_normal_(m.weight, a=0.2, nonlinearity="leaky_relu")

    def forward(self, x):
        x = F.leaky_relu(self.conv1(x), 0.2)
        return F.leaky_relu(self.conv2(x), 0.2)
