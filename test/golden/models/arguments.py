"""*args and **kwargs, keyword-only parameters, defaults, unpacking."""
import torch.nn as nn


def linear(*sizes, bias=True, **kwargs):
    return nn.Linear(*sizes, **{"bias": bias, **kwargs})


class Net(nn.Module):
    def __init__(self, *sizes, activation=nn.ReLU, **options):
        super().__init__()
        first, *middle, last = sizes
        self.first = linear(first, middle[0], **options)
        self.middle = nn.ModuleList(linear(a, b) for a, b in zip(middle, middle[1:]))
        self.last = linear(out_features=last, in_features=middle[-1])
        self.activation = activation()

    def forward(self, x):
        x = self.activation(self.first(x))
        for layer in self.middle:
            x = self.activation(layer(x))
        return self.last(x)


model = Net(20, 30, 40, 5, activation=nn.Tanh, bias=False)
