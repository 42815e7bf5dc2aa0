from torch import nn

INPUT = (8, 256)


class Net(nn.Module):
    """Saturating functions, Glorot's weights."""

    def __init__(self, width=384):
        super().__init__()
        functions = [nn.Tanh, nn.Tanh, nn.Tanh, nn.Sigmoid, nn.Softsign, nn.Hardtanh, nn.Hardsigmoid, nn.Tanh]
        sizes = [256] + [width] * len(functions)
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.functions = nn.ModuleList(f() for f in functions)
        self.head = nn.Linear(width, 64)
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight, gain=nn.init.calculate_gain("tanh"))

    def forward(self, x):
        for layer, function in zip(self.layers, self.functions):
            x = function(layer(x))
        return self.head(x)


model = Net()
