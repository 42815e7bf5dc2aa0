import type { Report } from '../../src/protocol/model.js';
import { callNames } from '../../src/protocol/words.js';

/**
 * A script that measures on the real model what the panel shows: variances of every module's output and of the
 * gradient there, over several draws of the weights. Written to be read before it is run.
 */
export function pytorchCheck(report: Report, path: string): string {
  const names = callNames(report.layers);
  const expected = report.layers.flatMap((layer, i): string[] => {
    if (layer.kind !== 'module' || (layer.forward === undefined && layer.backward === undefined)) return [];
    return [
      `    ${python(names[i] ?? layer.name)}: (${value(layer.forward?.variance)}, ${value(layer.backward?.variance)}),`,
    ];
  });
  const inputs = report.input.map((shape, i) => {
    const range = report.inputRanges?.[i] ?? null;
    const sizes = shape.map((size) => (typeof size === 'number' ? String(size) : '1  # unknown'));
    const [batch = '1', ...rest] = sizes;
    const tuple = [batch === '1' ? 'BATCH' : batch, ...rest].join(', ');
    return range === null ? `torch.randn(${tuple})` : `torch.randint(0, ${range}, (${tuple},))`;
  });
  return `"""Measures on the real model what InitScope shows of ${report.entry} in ${path.split('/').at(-1) ?? path}.

For each module: variance of its output, and of the loss's gradient there, for a
loss whose gradient at the model's output is iid N(0, 1). Medians over SEEDS draws
of weights and inputs, beside InitScope's numbers. Running this runs your code.
"""

import importlib.util
import pathlib
import statistics
import sys

import torch
from torch import nn

FILE = pathlib.Path(${python(path)})
SEEDS = 5
BATCH = 8

# module: (variance of the output, variance of the gradient), by InitScope
EXPECTED = {
${expected.join('\n')}
}

sys.path.insert(0, str(FILE.parent))
spec = importlib.util.spec_from_file_location("initscope_checked", FILE)
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module


def build():
    """The model, drawn anew: its file is run again, as the weights may be drawn there."""
    spec.loader.exec_module(module)
    return eval(${python(report.entry)}, vars(module))


def make_inputs():
    return [${inputs.join(', ')}]


def float_tensors(value):
    if torch.is_tensor(value):
        return [value] if value.is_floating_point() else []
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [t for item in items for t in float_tensors(item)]


def measure(seed):
    torch.manual_seed(seed)
    model = build().train()
    forward, outputs = {}, {}

    def watch(name):
        def hook(_module, _inputs, output):
            tensor = next(iter(float_tensors(output)), None)
            if tensor is None:
                return
            calls[name] = calls.get(name, 0) + 1
            key = name if calls[name] == 1 else f"{name}#{calls[name]}"
            forward[key] = tensor.detach().double().var(correction=0).item()
            if tensor.requires_grad:
                # An in-place activation behind the layer may not change what is kept.
                seen = tensor.clone()
                tensor.register_hook(lambda g: outputs.__setitem__(key, g.detach().double().var(correction=0).item()))
                return seen if seen.shape == getattr(output, "shape", None) else None

        return hook

    calls = {}
    for name, child in model.named_modules():
        if next(child.children(), None) is None:
            child.register_forward_hook(watch(name))
    inputs = [x.requires_grad_() if x.is_floating_point() else x for x in make_inputs()]
    results = float_tensors(model(*inputs))
    # The first that can be trained: a sampled action cannot.
    result = next((t for t in results if t.requires_grad), results[0])
    result.backward(torch.randn_like(result))
    return forward, outputs


runs = [measure(seed) for seed in range(SEEDS)]


def median(which, name):
    values = [run[which][name] for run in runs if name in run[which]]
    return statistics.median(values) if values else None


def cell(measured, expected):
    if measured is None or expected is None:
        return f"{'-' if measured is None else format(measured, '.3g'):>12} {'-':>12} {'':>7}"
    ratio = f"x{measured / expected:.2f}" if expected else ""
    return f"{measured:12.3g} {expected:12.3g} {ratio:>7}"


width = max(map(len, EXPECTED), default=5)
print(f"{'':{width}}  {'signal':>12} {'InitScope':>12} {'':>7}  {'gradient':>12} {'InitScope':>12}")
for name, (signal, gradient) in EXPECTED.items():
    print(f"{name:{width}}  {cell(median(0, name), signal)}  {cell(median(1, name), gradient)}")
`;
}

function python(text: string): string {
  return JSON.stringify(text);
}

function value(x: number | undefined): string {
  return x === undefined || !Number.isFinite(x) ? 'None' : String(x);
}
