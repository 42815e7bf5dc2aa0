"""What InitScope says of what it cannot know, or should not try.

None of this stops the rest: hover each class.
"""

from torch import nn

from missing_package.config import hidden_size  # there is no such package


class UnknownSize(nn.Module):
    """The size comes from an import that isn't there: the recommendation is given in symbols."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(128, hidden_size)
        self.act = nn.ReLU()
        self.second = nn.Linear(hidden_size, 10)

    def forward(self, x):
        return self.second(self.act(self.first(x)))


class Endless(nn.Module):
    """Builds itself inside itself, for ever."""

    def __init__(self, depth=0):
        super().__init__()
        self.layer = nn.Linear(16, 16)
        self.child = Endless(depth + 1)

    def forward(self, x):
        return self.child(self.layer(x))


class Gigantic(nn.Module):
    """A weight matrix of 10**24 numbers: no machine could hold it, but its fans and its variance are plain."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(10**12, 10**12)

    def forward(self, x):
        return self.layer(x)
