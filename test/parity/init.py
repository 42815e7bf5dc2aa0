"""
What torch.nn.init really does: writes init.json beside this file.

    python test/parity/init.py          # needs torch 2.13

Each case is a function, the shape of a tensor and further arguments, with the mean and standard deviation of the
entries pooled over many tensors, or the exception that came. `transposed` hands over a view with two axes swapped.
"""
import json
import math
import warnings
from pathlib import Path

import torch
from torch.nn import init

warnings.filterwarnings("ignore")
torch.manual_seed(20)

ENTRIES = 1_000_000
MATRICES = [[30, 20], [20, 30], [64, 64], [1, 50], [50, 1]]
KERNELS = [[16, 8, 3], [16, 8, 3, 3], [8, 16, 3, 5], [32, 1, 5, 5], [4, 6, 3, 3, 3]]
SMALL = [[], [7], [0], [0, 3], [3, 0], [2, 0, 3], [0, 0]]
NONLINEARITIES = [
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid",
    "tanh", "relu", "leaky_relu", "selu", "gelu", "silu", "elu", "ReLU", "",
]


def requests():
    every = MATRICES + KERNELS + SMALL
    for shape in every:
        for name in [
            "uniform_", "normal_", "trunc_normal_", "ones_", "zeros_", "eye_", "dirac_", "xavier_uniform_",
            "xavier_normal_", "kaiming_uniform_", "kaiming_normal_", "orthogonal_",
        ]:
            yield name, shape, {}
        yield "constant_", shape, {"val": -1.5}
        yield "sparse_", shape, {"sparsity": 0.1}
    yield "uniform_", [50], {"a": -0.1, "b": 0.3}
    yield "uniform_", [50], {"a": 1.0, "b": 0.0}
    yield "uniform_", [50], {"a": 2.5, "b": 2.5}
    yield "normal_", [50], {"mean": 1.0, "std": 0.02}
    yield "normal_", [50], {"std": 0.0}
    yield "normal_", [50], {"std": -0.25}
    for std, a, b in [(0.02, -2.0, 2.0), (1.0, -1.0, 3.0), (2.0, -2.0, 2.0), (0.5, 1.0, 2.0), (1.0, 4.0, 6.0), (0.3, 0.5, 0.5)]:
        yield "trunc_normal_", [50], {"std": std, "a": a, "b": b}
    yield "trunc_normal_", [50], {"mean": 0.5, "std": 0.1, "a": 0.45, "b": 2.0}
    yield "trunc_normal_", [50], {"std": 0.0}
    yield "trunc_normal_", [50], {"a": 2.0, "b": -2.0}
    yield "trunc_normal_", [50], {"std": -1.0}
    for gain in [0.0, 0.5, 5 / 3, -1.0]:
        for name in ["xavier_uniform_", "xavier_normal_", "orthogonal_"]:
            yield name, [12, 40], {"gain": gain}
    for shape in [[12, 40], [16, 8, 3, 3]]:
        for name in ["kaiming_uniform_", "kaiming_normal_"]:
            for mode in ["fan_in", "fan_out", "FAN_OUT", "fan_avg"]:
                yield name, shape, {"mode": mode}
            for nonlinearity in NONLINEARITIES:
                yield name, shape, {"nonlinearity": nonlinearity}
            yield name, shape, {"a": 0.2}
            yield name, shape, {"a": math.sqrt(5)}
            yield name, shape, {"a": 0.2, "nonlinearity": "relu"}
            yield name, shape, {"a": True}
    yield "kaiming_normal_", [7], {"mode": "fan_avg"}
    yield "kaiming_normal_", [7], {"nonlinearity": "gelu"}
    yield "kaiming_normal_", [0, 3], {"mode": "fan_avg", "nonlinearity": "gelu"}
    for groups in [2, 4, 3]:
        yield "dirac_", [16, 8, 3, 3], {"groups": groups}
        yield "dirac_", [8, 16, 3], {"groups": groups}
    for sparsity in [0.0, 0.25, 0.33, 0.9, 1.0]:
        yield "sparse_", [30, 20], {"sparsity": sparsity, "std": 0.5}
    yield "sparse_", [30, 20], {"sparsity": 0.5, "std": -0.5}
    for old in ["uniform", "normal", "eye", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal", "orthogonal"]:
        yield old, [12, 40], {}
    yield "constant", [12, 40], {"val": 3}
    yield "sparse", [12, 40], {"sparsity": 0.25}
    yield "dirac", [12, 4, 3], {}


VIEWS = [
    ("kaiming_normal_", [12, 40], {}),
    ("kaiming_uniform_", [12, 40], {"mode": "fan_out"}),
    ("xavier_normal_", [12, 40, 3], {}),
    ("orthogonal_", [12, 40], {}),
    ("eye_", [12, 40], {}),
    ("sparse_", [12, 40], {"sparsity": 0.1}),
]


def run(name, shape, kwargs, transposed=False):
    case = {"function": name, "shape": shape, "kwargs": kwargs}
    if transposed:
        case["transposed"] = True
    random = not any(part in name for part in ["constant", "ones", "zeros", "eye", "dirac"])
    entries = math.prod(shape)
    repeats = max(1, ENTRIES // max(entries, 1)) if random and entries else 1
    if "sparse" in name or "orthogonal" in name:
        repeats = min(repeats, 600)
    count, total, square = 0, 0.0, 0.0
    try:
        for _ in range(repeats):
            w = torch.full(shape, 77.0)
            result = getattr(init, name)(w.transpose(0, 1) if transposed else w, **kwargs)
            assert transposed or result is w
            d = w.double()
            count += d.numel()
            total += d.sum().item()
            square += (d * d).sum().item()
    except Exception as e:  # noqa: BLE001
        return {**case, "error": [type(e).__name__, str(e).split("\n")[0]]}
    if count == 0:
        return {**case, "entries": 0}
    mean = total / count
    std = math.sqrt(max(0.0, square / count - mean * mean))
    return {**case, "mean": float(f"{mean:.7g}"), "std": float(f"{std:.7g}"), "entries": count}


def attempt(f):
    try:
        return {"value": f()}
    except Exception as e:  # noqa: BLE001
        return {"error": [type(e).__name__, str(e)]}


def main():
    cases = [run(*r) for r in requests()] + [run(*v, transposed=True) for v in VIEWS]
    gains = [{"args": [n], **attempt(lambda: init.calculate_gain(n))} for n in NONLINEARITIES]
    for param in [0, 0.2, 1, -0.5, True, "x"]:
        gains.append({"args": ["leaky_relu", param], **attempt(lambda: init.calculate_gain("leaky_relu", param))})
    gains.append({"args": ["relu", "x"], **attempt(lambda: init.calculate_gain("relu", "x"))})
    fans = [
        {"shape": s, **attempt(lambda: list(init._calculate_fan_in_and_fan_out(torch.empty(s))))}
        for s in MATRICES + KERNELS + SMALL
    ]
    out = {"torch": torch.__version__, "cases": cases, "gains": gains, "fans": fans}
    lines = ["{", f'  "torch": {json.dumps(out["torch"])},']
    for key in ["cases", "gains", "fans"]:
        lines.append(f'  "{key}": [')
        lines.append(",\n".join("    " + json.dumps(c) for c in out[key]))
        lines.append("  ]" + ("," if key != "fans" else ""))
    lines.append("}\n")
    Path(__file__).with_name("init.json").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
