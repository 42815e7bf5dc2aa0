from torch import nn

INPUT = (8, 256)


class Net(nn.Module):
    """Smooth rectifiers, weights of variance 2 / fan-in."""

    def __init__(self, width=384):
        super().__init__()
        functions = [nn.GELU(), nn.SiLU(), nn.ELU(), nn.Mish(), nn.Softplus(), nn.CELU(0.5), nn.GELU("tanh"), nn.Hardswish()]
        sizes = [256] + [width] * len(functions)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.functions = nn.ModuleList(functions)
        self.head = nn.Linear(width, 64)
        for layer in self.layers:
            nn.init.normal_(layer.weight, std=(2 / layer.in_features) ** 0.5)

    def forward(self, x):
        for layer, function in zip(self.layers, self.functions):
            x = function(layer(x))
        return self.head(x)


model = Net()
