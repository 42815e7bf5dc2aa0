"""What feeds a layer decides its gain."""
import torch
import torch.nn as nn


def stack(activation, width=512, depth=8):
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(width, width), activation()]
        #          ^^^^^^^^^ two models share this line
    return nn.Sequential(*layers)


class Sigmoids(nn.Module):
#     ^^^^^^^^ sigmoid stack
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(256, 256)
        #          ^^^^^^^^^ first of the sigmoids
        self.two = nn.Linear(256, 256)
        #          ^^^^^^^^^ fed by a sigmoid
        self.out = nn.Linear(256, 1)
        #          ^^^^^^^^^ output after a sigmoid

    def forward(self, x):
        x = torch.sigmoid(self.one(x))
        x = torch.sigmoid(self.two(x))
        return self.out(x)


class Mixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(256, 256)
        self.gelu = nn.GELU()
        #           ^^^^^^^ GELU
        self.b = nn.Linear(256, 256)
        #        ^^^^^^^^^ fed by GELU
        self.selu = nn.SELU()
        self.c = nn.Linear(256, 256)
        #        ^^^^^^^^^ fed by SELU
        self.prelu = nn.PReLU()
        #            ^^^^^^^^ PReLU
        self.d = nn.Linear(256, 256)
        #        ^^^^^^^^^ fed by PReLU
        self.leaky = nn.LeakyReLU(0.2)
        self.e = nn.Linear(256, 256)
        #        ^^^^^^^^^ fed by leaky ReLU
        self.f = nn.Linear(256, 64)
        #        ^^^^^^^^^ fed by a linear layer
        nn.init.normal_(self.f.weight, std=0.0625)

    def forward(self, x):
        x = self.gelu(self.a(x))
        x = self.selu(self.b(x))
        x = self.prelu(self.c(x))
        x = self.leaky(self.d(x))
        return self.f(self.e(x)).tanh()


relus = stack(nn.ReLU)
tanhs = stack(nn.Tanh)
