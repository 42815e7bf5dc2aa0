"""torch.nn.modules.utils: numbers to tuples. A size that isn't known counts as one number for all axes; 'same' and 'valid' stay."""


def _ntuple(n, name="parse"):
    def parse(x):
        try:
            x.__index__()
        except AttributeError:
            return x if isinstance(x, str) else tuple(x)
        return (x,) * n

    return parse


def _single(x):
    try:
        x.__index__()
    except AttributeError:
        return x if isinstance(x, str) else tuple(x)
    return (x,)


def _pair(x):
    try:
        x.__index__()
    except AttributeError:
        return x if isinstance(x, str) else tuple(x)
    return (x, x)


def _triple(x):
    try:
        x.__index__()
    except AttributeError:
        return x if isinstance(x, str) else tuple(x)
    return (x, x, x)


_quadruple = _ntuple(4, "_quadruple")


def _reverse_repeat_tuple(t, n):
    return tuple(x for x in reversed(t) for _ in range(n))


def _list_with_default(out_size, defaults):
    if isinstance(out_size, int):
        return out_size
    return [v if v is not None else d for v, d in zip(out_size, defaults[-len(out_size) :])]


def consume_prefix_in_state_dict_if_present(state_dict, prefix):
    for key in list(state_dict.keys()):
        if key.startswith(prefix):
            state_dict[key[len(prefix) :]] = state_dict.pop(key)
