"""einops.layers.torch: the functions as modules, and EinMix, whose weight is uniform with variance 1/fan_in."""

import torch
from einops import rearrange, reduce
from einops.pattern import split_groups
from torch import nn


class Rearrange(nn.Module):
    def __init__(self, pattern, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.axes_lengths = axes_lengths

    def forward(self, input):
        return rearrange(input, self.pattern, **self.axes_lengths)


class Reduce(nn.Module):
    def __init__(self, pattern, reduction, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes_lengths = axes_lengths

    def forward(self, input):
        return reduce(input, self.pattern, self.reduction, **self.axes_lengths)


def _flat(groups):
    names = []
    for group in groups:
        names += [group] if group == "..." else group
    return names


def _is_composed(groups):
    return any([group != "..." and (len(group) != 1 or "..." in group) for group in groups])


class EinMix(nn.Module):
    def __init__(self, pattern, weight_shape, bias_shape=None, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.weight_shape = weight_shape
        self.bias_shape = bias_shape
        self.axes_lengths = axes_lengths
        left_text, right_text = pattern.split("->")
        left, right = split_groups(left_text), split_groups(right_text)
        weight = weight_shape.split()
        names = _flat(left), _flat(right)
        self.pre_rearrange = None
        self.post_rearrange = None
        if _is_composed(left):
            given = {axis: n for axis, n in axes_lengths.items() if axis in names[0]}
            self.pre_rearrange = Rearrange(f"{left_text}->{' '.join(names[0])}", **given)
        if _is_composed(right):
            self.post_rearrange = Rearrange(f"{' '.join(names[1])} ->{right_text}")
        fan_in = 1
        for axis in weight:
            if axis not in names[1]:
                fan_in *= axes_lengths[axis]
        bound = (3 / fan_in) ** 0.5
        self.weight = nn.Parameter(torch.zeros([axes_lengths[axis] for axis in weight]).uniform_(-bound, bound))
        if bias_shape is not None:
            mine = bias_shape.split()
            sizes = [axes_lengths[axis] if axis in mine else 1 for axis in names[1] if axis != "..."]
            bound = (1 / fan_in) ** 0.5
            self.bias = nn.Parameter(torch.zeros(sizes).uniform_(-bound, bound))
        else:
            self.bias = None
        letters = {}
        for axis in names[0] + names[1] + weight:
            if axis != "..." and axis not in letters:
                letters[axis] = "abcdefghijklmnopqrstuvwxyz"[len(letters)]
        letters["..."] = "..."
        sides = ["".join([letters[axis] for axis in side]) for side in (names[0], weight, names[1])]
        self.einsum_pattern = f"{sides[0]},{sides[1]}->{sides[2]}"

    def forward(self, input):
        if self.pre_rearrange is not None:
            input = self.pre_rearrange(input)
        result = torch.einsum(self.einsum_pattern, input, self.weight)
        if self.bias is not None:
            result += self.bias
        if self.post_rearrange is not None:
            result = self.post_rearrange(result)
        return result
