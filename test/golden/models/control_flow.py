"""match, walrus, while, try/finally, with, comprehensions, chained comparison, string methods."""
import contextlib

import torch.nn as nn


def layer(kind, n):
    match kind.split(":"):
        case ["linear"]:
            return nn.Linear(n, n)
        case ["linear", ("wide" | "wider") as how]:
            return nn.Sequential(nn.Linear(n, 2 * n if how == "wide" else 4 * n), nn.Linear(2 * n if how == "wide" else 4 * n, n))
        case [str(name)] if hasattr(nn, name):
            return getattr(nn, name)()
        case _:
            raise ValueError(kind)


class Net(nn.Module):
    def __init__(self, plan="linear ReLU linear:wide Tanh linear:wider"):
        super().__init__()
        n = 1
        while 1 <= (n := n * 2) < 16:
            pass
        with contextlib.suppress(ValueError):
            self.layers = nn.ModuleList([layer(k, n) for k in plan.split()])
            self.never = layer("nonsense", n)
        try:
            widths = {f"{i}": m.in_features for i, m in enumerate(self.layers) if isinstance(m, nn.Linear)}
        finally:
            self.out = nn.Linear(sum(widths.values()), 1)

    def forward(self, x):
        for m in self.layers:
            x = m(x)
        return self.out(x)
