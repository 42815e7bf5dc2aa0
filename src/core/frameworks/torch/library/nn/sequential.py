"""nn.Sequential. Layers that aren't known are kept in their place, so that a signal passing them is not known either."""

from collections import OrderedDict

from torch.nn import Module


class Sequential(Module):
    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for name, module in args[0].items():
                self._modules[name] = module
                self.add_module(name, module)
        else:
            for i, module in enumerate(args):
                name = str(i)
                self._modules[name] = module
                self.add_module(name, module)

    def _nth_name(self, index):
        size = len(self._modules)
        index = index.__index__()
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range")
        return list(self._modules)[index]

    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return self.__class__(OrderedDict(list(self._modules.items())[idx]))
        return self._modules[self._nth_name(idx)]

    def __setitem__(self, idx, module):
        setattr(self, self._nth_name(idx), module)

    def __delitem__(self, idx):
        names = list(self._modules)[idx] if isinstance(idx, slice) else [self._nth_name(idx)]
        for name in names:
            delattr(self, name)
        rest = list(self._modules.values())
        self._modules.clear()
        for i, module in enumerate(rest):
            self._modules[str(i)] = module

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def __add__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError("add operator supports only objects of Sequential class")
        both = Sequential()
        for layer in self:
            both.append(layer)
        for layer in other:
            both.append(layer)
        return both

    def __iadd__(self, other):
        return self.extend(other)

    def __mul__(self, count):
        combined = Sequential()
        for _ in range(count):
            for layer in self:
                combined.append(layer)
        return combined

    def __rmul__(self, count):
        return self * count

    def __imul__(self, count):
        layers = list(self)
        for _ in range(count - 1):
            self.extend(layers)
        return self

    def forward(self, input):
        for module in self._modules.values():
            input = module(input)
        return input

    def append(self, module):
        name = str(len(self._modules))
        self._modules[name] = module
        self.add_module(name, module)
        return self

    def insert(self, index, module):
        size = len(self._modules)
        if not -size <= index <= size:
            raise IndexError(f"Index out of range: {index}")
        layers = list(self._modules.values())
        layers.insert(index, module)
        self._modules.clear()
        for i, layer in enumerate(layers):
            self._modules[str(i)] = layer
        return self

    def extend(self, sequential):
        for layer in list(sequential):
            self.append(layer)
        return self

    def pop(self, key):
        module = self[key]
        del self[key]
        return module
