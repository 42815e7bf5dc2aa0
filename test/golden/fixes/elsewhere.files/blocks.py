from torch.nn import Linear, Module, ReLU
from torch.nn import init as I


def init_weights(m):
    if isinstance(m, Linear):
        I.normal_(m.weight, std=1.0)
        I.zeros_(m.bias)


class Block(Module):
    def __init__(self, width):
        super().__init__()
        self.up = Linear(width, 2 * width)
        self.down = Linear(2 * width, width)
        self.act = ReLU()

    def forward(self, x):
        return self.act(self.down(self.act(self.up(x))))
