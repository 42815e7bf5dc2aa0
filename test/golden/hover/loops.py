"""Many layers made at one place."""
import torch.nn as nn


class Deep(nn.Module):
#     ^^^^ twenty layers
    def __init__(self, width=1000, depth=20):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers += [nn.Linear(width, width), nn.ReLU()]
            #          ^^^^^^^^^ linear in a loop
            #                                   ^^^^^^^ relu in a loop
        self.net = nn.Sequential(*layers)
        self.head = nn.Linear(width, 10)
        #           ^^^^^^^^^ head

    def forward(self, x):
        return self.head(self.net(x))


class Pyramid(nn.Module):
    def __init__(self, sizes=(784, 400, 200, 100, 50, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        #                           ^^^^^^^^^ different shapes
        nn.init.kaiming_normal_(self.layers[1].weight)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)


class Repeated(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(64, 64)
        self.shared = nn.Linear(64, 64)
        #             ^^^^^^^^^ one layer called three times

    def forward(self, x):
        x = self.stem(x)
        for _ in range(3):
            x = self.shared(x).relu()
        return x
