"""A file in the middle of an edit: `Broken` cannot be parsed. The models above and
below it still can.
"""

from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 32)

    def forward(self, x):
        return self.out(self.act(self.hidden(x)))


class Broken(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(32,

    def forward(self, x:
        return self.layer(x)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(32, 256)
        self.act = nn.ReLU()
        self.out = nn.Linear(256, 784)

    def forward(self, x):
        return self.out(self.act(self.hidden(x)))
