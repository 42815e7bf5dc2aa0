"""Observation and action spaces of gym and gymnasium: the parts that give models their sizes."""

import numpy as np


class Space:
    """A set of observations or actions."""

    def __init__(self, shape=None, dtype=None, seed=None):
        self._shape = None if shape is None else tuple(shape)
        self.dtype = dtype

    @property
    def shape(self):
        return self._shape


class Box(Space):
    """Points between two bounds; the shape is that of the bounds unless it is given."""

    def __init__(self, low, high, shape=None, dtype=np.float32, seed=None):
        if shape is None:
            shape = np.shape(low) or np.shape(high)
        super().__init__(shape, dtype)
        self.low = low
        self.high = high


class Discrete(Space):
    """The integers from `start` to `start + n - 1`."""

    def __init__(self, n, seed=None, start=0):
        super().__init__((), np.int64)
        self.n = n
        self.start = start


class MultiDiscrete(Space):
    """Several discrete choices at once."""

    def __init__(self, nvec, dtype=np.int64, seed=None):
        self.nvec = np.array(nvec)
        super().__init__(self.nvec.shape, dtype)


class MultiBinary(Space):
    """Several yes-or-no choices at once."""

    def __init__(self, n, seed=None):
        self.n = n
        super().__init__((n,) if isinstance(n, int) else n, np.int8)


class Tuple(Space):
    """One of each of several spaces, in order."""

    def __init__(self, spaces, seed=None):
        self.spaces = tuple(spaces)
        super().__init__(None, None)

    def __getitem__(self, index):
        return self.spaces[index]

    def __len__(self):
        return len(self.spaces)


class Dict(Space):
    """One of each of several spaces, by name."""

    def __init__(self, spaces=None, seed=None, **kwargs):
        self.spaces = dict(spaces or {}, **kwargs)
        super().__init__(None, None)

    def __getitem__(self, key):
        return self.spaces[key]
