"""
How signals and gradients of the models in statistics/ vary in PyTorch at initialization: writes statistics.json beside
this file.

    python test/parity/statistics.py [NAME...]      # needs torch 2.13; some minutes. Named models replace their own part.

Each draw builds the model anew (train mode), feeds it 8 samples, N(0,1) or uniform tokens, and runs back a gradient
that is iid N(0,1) at the output. Of each leaf module that is called once: the variance over entries of its output and
of the gradient there, each with its mean over draws and the standard error of that mean.
"""

import json
import runpy
import sys
from pathlib import Path

# A file of this name would hide Python's own `statistics`.
sys.path.pop(0)
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
DRAWS = 64


def variance(t):
    return t.detach().double().var(correction=0).item()


def first_tensor(output):
    return output if isinstance(output, torch.Tensor) else first_tensor(output[0])


def is_leaf(module):
    # Attention never calls its projection as a module.
    return isinstance(module, nn.MultiheadAttention) or not any(True for _ in module.children())


class Draw:
    """Variances of one draw by the module's name."""

    def __init__(self, model, inputs):
        self.forward, self.backward, self.calls, self.types = {}, {}, {}, {}
        for name, module in model.named_modules():
            if is_leaf(module):
                self.types[name] = type(module).__name__
                module.register_forward_hook(self.hook(name))
        output = model(inputs)
        output.backward(torch.randn_like(output))

    def hook(self, name):
        def record(_module, _inputs, output):
            output = first_tensor(output)
            self.calls[name] = self.calls.get(name, 0) + 1
            self.forward[name] = variance(output)
            # Of the tensor as it is now, also where an in-place function changes it later.
            output.register_hook(lambda g: self.backward.__setitem__(name, variance(g)))

        return record


def mean_and_error(values):
    values = torch.tensor(values, dtype=torch.float64)
    return [float(f"{x:.4g}") for x in (values.mean().item(), values.std().item() / len(values) ** 0.5)]


def measure(file):
    draws = []
    for seed in range(DRAWS):
        torch.manual_seed(seed)
        scope = runpy.run_path(str(file))
        model = scope["model"].train()
        shape, vocabulary = scope["INPUT"], scope.get("VOCABULARY")
        inputs = torch.randn(shape) if vocabulary is None else torch.randint(vocabulary, shape)
        draws.append(Draw(model, inputs))
    layers = []
    for name, kind in draws[0].types.items():
        if draws[0].calls.get(name) != 1:
            continue
        layer = {"name": name, "type": kind, "forward": mean_and_error([d.forward[name] for d in draws])}
        if all(name in d.backward for d in draws):
            layer["backward"] = mean_and_error([d.backward[name] for d in draws])
        layers.append(layer)
    tokens = {} if vocabulary is None else {"tokens": vocabulary}
    return {"input": list(shape), **tokens, "layers": layers}


def main():
    path = HERE / "statistics.json"
    known = json.loads(path.read_text())["models"] if path.exists() and sys.argv[1:] else {}
    files = sorted((HERE / "statistics").glob("*.py"))
    models = {}
    for file in files:
        if sys.argv[1:] and file.stem not in sys.argv[1:] and file.stem in known:
            models[file.stem] = known[file.stem]
            continue
        models[file.stem] = measure(file)
        print(file.stem, len(models[file.stem]["layers"]), file=sys.stderr, flush=True)
    lines = []
    for name, model in models.items():
        head = json.dumps({k: v for k, v in model.items() if k != "layers"})[1:-1]
        layers = ",\n".join(f"   {json.dumps(layer)}" for layer in model["layers"])
        lines.append(f'  {json.dumps(name)}: {{{head}, "layers": [\n{layers}\n  ]}}')
    head = json.dumps({"torch": torch.__version__.split("+")[0], "draws": DRAWS})[:-1]
    text = head + ', "models": {\n' + ",\n".join(lines) + "\n}}\n"
    path.write_text(text)


if __name__ == "__main__":
    main()
