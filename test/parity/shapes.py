"""
Shapes that PyTorch gives for several hundred calls, written to shapes.json beside this file.

    python shapes.py          (needs torch; made with 2.13.0 on a CPU)

Each case is a Python expression over `t(…)` (floats), `i(…)` (integers), `b(…)` (bools), torch and F. Its result is
written as nested lists: a tensor as its shape and dtype, a tuple or list as the list of its parts, anything else as it
is. An expression that raises is written with the error's name and first line.
"""
import json
import pathlib
import warnings

import torch
import torch.nn.functional as F

warnings.filterwarnings("ignore")

CASES = pathlib.Path(__file__).with_name("shapes.txt")


def t(*size):
    return torch.randn(size)


def i(*size):
    return torch.randint(0, 4, size)


def b(*size):
    return torch.ones(size, dtype=torch.bool)



def kind(x):
    if x.dtype == torch.bool:
        return "bool"
    if x.is_complex():
        return "complex"
    return "float" if x.is_floating_point() else "int"


def describe(x):
    if isinstance(x, torch.Tensor):
        return {"shape": list(x.shape), "dtype": kind(x)}
    if isinstance(x, (tuple, list)):
        return [describe(y) for y in x]
    if x is None or isinstance(x, (bool, int, str)):
        return x
    if isinstance(x, float):
        return {"float": x if x == x and abs(x) != float("inf") else str(x)}
    return str(x)


def run(expression):
    torch.manual_seed(0)
    try:
        return {"expression": expression, "result": describe(eval(expression, {"torch": torch, "F": F, "t": t, "i": i, "b": b}))}
    except Exception as e:
        return {"expression": expression, "error": f"{type(e).__name__}: {str(e).strip().splitlines()[0]}"}


def main():
    lines = [line.strip() for line in CASES.read_text().splitlines()]
    cases = [run(line) for line in lines if line and not line.startswith("#")]
    out = CASES.with_name("shapes.json")
    out.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
    failed = [c for c in cases if "error" in c]
    print(f"{len(cases)} cases, {len(failed)} of them errors")


if __name__ == "__main__":
    main()
