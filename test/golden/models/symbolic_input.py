"""Where the first size is not known, the input has it in symbols and forward is followed all the same."""
import torch.nn as nn


class Mlp(nn.Module):
    def __init__(self, features, hidden):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, 10))

    def forward(self, x):
        return self.net(x)


class Cnn(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, 2 * channels, 3)
        self.norm = nn.BatchNorm2d(2 * channels)
        self.head = nn.Linear(2 * channels, 5)

    def forward(self, x):
        x = self.norm(self.conv(x)).relu()
        return self.head(x.mean((2, 3)))


class Recurrent(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.rnn = nn.GRU(width, 16, batch_first=True)

    def forward(self, x):
        return self.rnn(x)[0]


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.LazyConv2d(6, 3)
        self.fc = nn.LazyLinear(7)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))
