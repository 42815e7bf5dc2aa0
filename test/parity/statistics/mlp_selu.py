from torch import nn

INPUT = (8, 256)


class SelfNormalizing(nn.Module):
    """Klambauer et al. 2017."""

    def __init__(self, width=384, depth=6):
        super().__init__()
        self.body = nn.Sequential()
        size = 256
        for i in range(depth):
            self.body.add_module(f"linear{i}", nn.Linear(size, width))
            self.body.add_module(f"selu{i}", nn.SELU())
            self.body.add_module(f"dropout{i}", nn.AlphaDropout(0.05))
            size = width
        self.head = nn.Linear(width, 64)
        for m in self.body:
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity="linear")
                nn.init.zeros_(m.bias)

    def forward(self, x):
        return self.head(self.body(x))


model = SelfNormalizing()
