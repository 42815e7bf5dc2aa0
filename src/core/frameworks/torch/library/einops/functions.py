"""rearrange, reduce, repeat, einsum and parse_shape, by view, permute, expand and reductions."""

import torch
from einops.pattern import EinopsError, parse, split_groups, spread


def _product(sizes):
    total = 1
    for size in sizes:
        total = total * size
    return total


def _measure(x, left, lengths):
    """Lengths of all axes on the left, from the tensor's shape; and whether a dimension has to be split."""
    is_split = False
    for i, group in enumerate(left):
        size = x.shape[i]
        if len(group) == 1:
            name = group[0]
            if name not in lengths:
                lengths[name] = size
            continue
        is_split = True
        known = 1
        missing = None
        for axis in group:
            if axis in lengths:
                known = known * lengths[axis]
            elif missing is not None:
                raise EinopsError(f"Could not infer sizes for {missing}, {axis}")
            else:
                missing = axis
        if missing is not None:
            lengths[missing] = size // known
    return is_split


def _apply(x, pattern, reduction, axes_lengths):
    if isinstance(x, (list, tuple)):
        if len(x) == 0:
            raise TypeError("Rearrange/Reduce/Repeat can't be applied to an empty list")
        x = torch.stack(list(x))
    left, right, numbers = parse(pattern)
    lengths = dict(numbers)
    lengths.update(axes_lengths)
    if "..." in pattern or "\u2026" in pattern:
        extra = [f"...{i}" for i in range(x.dim() - len(left) + 1)]
        left = spread(left, extra)
        right = spread(right, extra)
    is_split = _measure(x, left, lengths)
    before = [axis for group in left for axis in group]
    after = [axis for group in right for axis in group]
    if is_split:
        x = x.reshape([lengths[axis] for axis in before])
    gone = [i for i, axis in enumerate(before) if axis not in after]
    if gone:
        if reduction in ("rearrange", "repeat"):
            raise EinopsError(
                f"Identifiers only on one side of expression (should be on both): {[before[i] for i in gone]}"
            )
        x = _reduce(x, reduction, gone)
        before = [axis for axis in before if axis in after]
    new = [axis for axis in after if axis not in before]
    if new and reduction != "repeat":
        raise EinopsError(f"Identifiers only on one side of expression (should be on both): {new}")
    order = [before.index(axis) for axis in after if axis in before]
    if order != list(range(len(order))):
        x = x.permute(order)
    if new:
        for i, axis in enumerate(after):
            if axis in new:
                x = x.unsqueeze(i)
        x = x.expand([lengths[axis] for axis in after])
    if any(len(group) != 1 for group in right):
        x = x.reshape([_product([lengths[axis] for axis in group]) for group in right])
    return x


def _reduce(x, reduction, axes):
    if reduction == "mean":
        return x.mean(dim=axes)
    if reduction == "sum":
        return x.sum(dim=axes)
    if reduction == "max":
        return torch.amax(x, dim=axes)
    if reduction == "min":
        return torch.amin(x, dim=axes)
    if reduction in ("prod", "any", "all"):
        for axis in reversed(axes):
            x = getattr(x, reduction)(dim=axis)
        return x
    if callable(reduction):
        return reduction(x, tuple(axes))
    raise EinopsError(f"Unknown reduction {reduction}")


def rearrange(tensor, pattern, **axes_lengths):
    return _apply(tensor, pattern, "rearrange", axes_lengths)


def reduce(tensor, pattern, reduction, **axes_lengths):
    return _apply(tensor, pattern, reduction, axes_lengths)


def repeat(tensor, pattern, **axes_lengths):
    return _apply(tensor, pattern, "repeat", axes_lengths)


def _letters(side, letters):
    text = ""
    for axis in side.split():
        if axis == "...":
            text += axis
        elif axis != "1":
            if axis not in letters:
                letters[axis] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(letters)]
            text += letters[axis]
    return text


def einsum(*tensors_and_pattern):
    """The pattern comes last; axis names may be words."""
    *tensors, pattern = tensors_and_pattern
    letters = {}
    left, right = pattern.split("->")
    inputs = ",".join([_letters(side, letters) for side in left.split(",")])
    return torch.einsum(f"{inputs}->{_letters(right, letters)}", *tensors)


def parse_shape(x, pattern):
    groups = split_groups(pattern)
    if "..." in groups:
        at = groups.index("...")
        groups = groups[:at] + [["_"]] * (x.dim() - len(groups) + 1) + groups[at + 1 :]
    return {group[0]: x.shape[i] for i, group in enumerate(groups) if group and group[0] != "_"}


def asnumpy(tensor):
    return tensor.detach().cpu().numpy()
