"""Small helpers of timm.layers."""

import collections.abc
import math


def to_ntuple(n):
    def parse(x):
        if isinstance(x, collections.abc.Iterable) and not isinstance(x, str):
            return tuple(x)
        return (x,) * n

    return parse


to_1tuple = to_ntuple(1)
to_2tuple = to_ntuple(2)
to_3tuple = to_ntuple(3)
to_4tuple = to_ntuple(4)


def extend_tuple(x, n):
    x = tuple(x) if isinstance(x, (tuple, list)) else (x,)
    return x + (x[-1],) * (n - len(x)) if len(x) < n else x


def make_divisible(v, divisor=8, min_value=None, round_limit=0.9):
    """Rounds to a multiple of `divisor`, but not below `round_limit` of the number."""
    min_value = min_value or divisor
    rounded = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if rounded < round_limit * v:
        rounded += divisor
    return rounded


def get_padding(kernel_size, stride=1, dilation=1, **_):
    if any(isinstance(v, (tuple, list)) for v in (kernel_size, stride, dilation)):
        sizes = to_2tuple(kernel_size), to_2tuple(stride), to_2tuple(dilation)
        return [get_padding(*axis) for axis in zip(*sizes)]
    return ((stride - 1) + dilation * (kernel_size - 1)) // 2


def get_same_padding(x, kernel_size, stride, dilation):
    """Whole padding of one axis by TensorFlow's rule."""
    return max((math.ceil(x / stride) - 1) * stride + (kernel_size - 1) * dilation + 1 - x, 0)


def is_static_pad(kernel_size, stride=1, dilation=1, **_):
    if any(isinstance(v, (tuple, list)) for v in (kernel_size, stride, dilation)):
        sizes = to_2tuple(kernel_size), to_2tuple(stride), to_2tuple(dilation)
        return all(is_static_pad(*axis) for axis in zip(*sizes))
    return stride == 1 and dilation * (kernel_size - 1) % 2 == 0


def get_padding_value(padding, kernel_size, **kwargs):
    """Padding for a convolution, and whether it depends on the size of the input."""
    if not isinstance(padding, str):
        return padding, False
    padding = padding.lower()
    if padding == "same":
        if is_static_pad(kernel_size, **kwargs):
            return get_padding(kernel_size, **kwargs), False
        return 0, True
    if padding == "valid":
        return 0, False
    return get_padding(kernel_size, **kwargs), False


def use_fused_attn(experimental=False):
    return True


def is_scriptable():
    return False


def is_exportable():
    return False


def is_no_jit():
    return False


def set_fused_attn(enable=True, experimental=False):
    pass


def calculate_drop_path_rates(drop_path_rate, depths, stagewise=False):
    """From zero up to the given rate, evenly over all blocks (or stages)."""
    if isinstance(depths, int):
        return [drop_path_rate * i / (depths - 1) if depths > 1 else 0.0 for i in range(depths)]
    total = sum(depths)
    if stagewise:
        count = len(depths)
        return [[drop_path_rate * i / (count - 1) if count > 1 else 0.0] * n for i, n in enumerate(depths)]
    rates = calculate_drop_path_rates(drop_path_rate, total)
    result = []
    for n in depths:
        result.append(rates[:n])
        rates = rates[n:]
    return result
