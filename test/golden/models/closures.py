"""Functions that make functions, lambdas, generators, a decorator that keeps what it wraps."""
import functools

import torch.nn as nn


def builder(width):
    count = 0

    def build():
        nonlocal count
        count += 1
        return nn.Linear(width * count, width * (count + 1))

    return build


def counted(fn):
    @functools.wraps(fn)
    def wrapper(self, *args, **kwargs):
        self.calls = getattr(self, "calls", 0) + 1
        return fn(self, *args, **kwargs)

    return wrapper


def activations():
    while True:
        yield nn.ReLU()
        yield nn.Tanh()


class Net(nn.Module):
    @counted
    def __init__(self):
        super().__init__()
        build = builder(8)
        make = activations()
        self.layers = nn.Sequential(*(f() for _ in range(3) for f in (build, lambda: next(make))))

    @counted
    def forward(self, x):
        return self.layers(x)
