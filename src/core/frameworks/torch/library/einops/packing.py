"""pack and unpack: "*" stands for any number of axes, kept as one."""

import torch


def _product(sizes):
    total = 1
    for size in sizes:
        total = total * size
    return total


def _ends(pattern):
    axes = pattern.split()
    at = axes.index("*")
    return at, len(axes) - at - 1


def pack(tensors, pattern):
    before, after = _ends(pattern)
    flat = []
    shapes = []
    for t in tensors:
        last = t.dim() - after
        kept = [t.shape[i] for i in range(before, last)]
        shapes.append(torch.Size(kept))
        sides = [t.shape[i] for i in range(before)], [t.shape[i] for i in range(last, t.dim())]
        flat.append(t if len(kept) == 1 else t.reshape([*sides[0], _product(kept), *sides[1]]))
    return torch.cat(flat, dim=before), shapes


def unpack(tensor, packed_shapes, pattern):
    axis, _ = _ends(pattern)
    lengths = [_product(shape) for shape in packed_shapes]
    if -1 in lengths:
        at = lengths.index(-1)
        lengths[at] = tensor.shape[axis] - sum([n for i, n in enumerate(lengths) if i != at])
    sides = [tensor.shape[i] for i in range(axis)], [tensor.shape[i] for i in range(axis + 1, tensor.dim())]
    parts = torch.split(tensor, lengths, dim=axis)
    return [
        part if len(shape) == 1 else part.reshape([*sides[0], *shape, *sides[1]])
        for part, shape in zip(parts, packed_shapes)
    ]
