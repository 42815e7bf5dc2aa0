"""
einops patterns. A side is a list of groups, one a dimension: each a list of axis names; "1" is an empty group, a number an
axis of its own with that length, "..." as many dimensions as are left over (in brackets: as axes of one dimension).
"""


class EinopsError(RuntimeError):
    pass


def split_groups(side):
    """Groups of one side; where it has "..." outside brackets, that string stands for a group."""
    groups = []
    inside = None
    for token in side.replace("(", " ( ").replace(")", " ) ").replace("\u2026", "...").split():
        if token == "(":
            if inside is not None:
                raise EinopsError("Axis composition is one-level (brackets inside brackets not allowed)")
            inside = []
        elif token == ")":
            if inside is None:
                raise EinopsError("Brackets are not balanced")
            groups.append(inside)
            inside = None
        elif inside is not None:
            if token != "1":
                inside.append(token)
        else:
            groups.append(token if token == "..." else [] if token == "1" else [token])
    if inside is not None:
        raise EinopsError(f"Imbalanced parentheses in expression: {side!r}")
    return groups


_parsed = {}


def parse(pattern):
    """Both sides of a pattern, numbers renamed so that each is an axis of its own: (left, right, lengths of numbers)."""
    known = _parsed.get(pattern)
    if known is None:
        sides = pattern.split("->")
        if len(sides) != 2:
            raise EinopsError(f"Pattern {pattern!r} should have exactly one ->")
        lengths = {}
        groups = []
        for where, side in zip("lr", sides):
            named = []
            for group in split_groups(side):
                if group == "...":
                    named.append(group)
                    continue
                own = []
                for axis in group:
                    if axis.isdigit():
                        name = f"{where}{len(lengths)} of {axis}"
                        lengths[name] = int(axis)
                        axis = name
                    own.append(axis)
                named.append(own)
            groups.append(named)
        known = (groups[0], groups[1], lengths)
        _parsed[pattern] = known
    return known


def spread(groups, extra):
    """Puts the axes that "..." stands for in its place: each a group, or all in the group that it stands in."""
    result = []
    for group in groups:
        if group == "...":
            result += [[axis] for axis in extra]
        elif "..." in group:
            at = group.index("...")
            result.append(group[:at] + extra + group[at + 1 :])
        else:
            result.append(group)
    return result
