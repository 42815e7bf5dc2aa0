"""Sizes and parts that the file does not tell."""
import torch.nn as nn
from company.layers import FancyAttention
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an import that is not there
import config
#      ^^^^^^ config


class Feedforward(nn.Module):
#     ^^^^^^^^^^^ the model
    def __init__(self, hidden):
        super().__init__()
        self.up = nn.Linear(hidden, hidden * 4)
        #         ^^^^^^^^^ unknown argument
        self.down = nn.Linear(hidden * 4, hidden)
        #           ^^^^^^^^^ expression of an unknown argument
        self.out = nn.Linear(config.features, 10)
        #          ^^^^^^^^^ from a module that is not there
        self.attention = FancyAttention(hidden)
        #                ^^^^^^^^^^^^^^ a class that is not there

    def forward(self, x):
        x = self.down(self.up(x).relu())
        return self.out(self.attention(x))


class AfterUnknown(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(32, 64)
        self.middle = FancyAttention(64)
        self.head = nn.Linear(64, 10)
        #           ^^^^^^^^^ fed by something unknown

    def forward(self, x):
        return self.head(self.middle(self.stem(x)))


class Huge(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10**12, 10**12)
        #         ^^^^^^^^^ larger than any machine

    def forward(self, x):
        return self.fc(x)


class Endless(nn.Module):
#     ^^^^^^^ contains itself
    def __init__(self):
        super().__init__()
        self.inner = Endless()

    def forward(self, x):
        return self.inner(x)


class Mismatch(nn.Module):
#     ^^^^^^^^ sizes that do not fit
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(16, 32)
        #        ^^^^^^^^^ before the mistake
        self.b = nn.Linear(64, 10)
        #        ^^^^^^^^^ where it goes wrong

    def forward(self, x):
        return self.b(self.a(x))
