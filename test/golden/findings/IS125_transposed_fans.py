import torch
import torch.nn as nn


class Decoder(nn.Module):
    """DCGAN's generator without its norms: kernel 4, stride 2."""

    def __init__(self, z_dim=100, width=64):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(z_dim, width * 8, 4, 1, 0),
            nn.ReLU(),
            nn.ConvTranspose2d(width * 8, width * 4, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(width * 4, width * 2, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(width * 2, width, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(width, 3, 3, 1, 1),
        )
        self.reset()

    def reset(self):
        pass

    def forward(self, z):
        return torch.tanh(self.net(z))


class HeDecoder(Decoder):
    def reset(self):
        for m in self.net:
            if isinstance(m, nn.ConvTranspose2d):
                nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
                nn.init.zeros_(m.bias)


class TrueFan(Decoder):
    """Silent: σ by what each output sums."""

    def reset(self):
        for m in self.net:
            if isinstance(m, nn.ConvTranspose2d):
                fan_in = m.in_channels * m.kernel_size[0] ** 2 / m.stride[0] ** 2
                nn.init.normal_(m.weight, std=(2 / fan_in) ** 0.5)
                nn.init.zeros_(m.bias)


class Normed(nn.Module):
    """Silent: a norm behind each, as DCGAN has it."""

    def __init__(self, c=128):
        super().__init__()
        self.up1 = nn.ConvTranspose2d(c, c // 2, 4, 2, 1)
        self.bn1 = nn.BatchNorm2d(c // 2)
        self.up2 = nn.ConvTranspose2d(c // 2, c // 4, 4, 2, 1)
        self.bn2 = nn.BatchNorm2d(c // 4)
        for m in (self.up1, self.up2):
            nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        x = torch.relu(self.bn1(self.up1(x)))
        return torch.relu(self.bn2(self.up2(x)))


HeDecoder()(torch.randn(1, 100, 1, 1))
