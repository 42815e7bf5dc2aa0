"""What the sampler is measured against: the same passes with weights drawn and kept.

python bench-sampler.py WIDTH COLUMNS DEPTH THREADS prints milliseconds, from a few layers scaled to DEPTH: of processor
time with one thread, of time passed with several.
"""

import json
import math
import os
import sys
import time

width, columns, depth, threads = map(int, sys.argv[1:5])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(threads)

import numpy as np  # noqa: E402

clock = time.process_time if threads == 1 else time.perf_counter
layers = max(1, min(depth, 2**25 // width**2))


def least(run):
    best = math.inf
    for _ in range(3):
        start = clock()
        run()
        best = min(best, clock() - start)
    return 1000 * best * depth / layers


def with_numpy():
    rng = np.random.default_rng(0)

    def run():
        x = rng.standard_normal((columns, width), dtype=np.float32)
        kept = []
        for _ in range(layers):
            w = rng.standard_normal((width, width), dtype=np.float32)
            w *= 1.5 / math.sqrt(width)
            z = x @ w.T
            y = np.tanh(z)
            _ = z.var(), y.var()
            kept.append((w, x, y))
            x = y
        delta = x
        for w, inputs, y in reversed(kept):
            delta = delta * (1 - y * y)
            _ = float(((inputs @ inputs.T) * (delta @ delta.T)).sum())
            delta = delta @ w
            _ = delta.var()

    return least(run)


def with_torch():
    import torch

    torch.set_num_threads(threads)

    @torch.no_grad()
    def run():
        x = torch.randn(columns, width)
        kept = []
        for _ in range(layers):
            w = torch.randn(width, width) * (1.5 / math.sqrt(width))
            z = x @ w.T
            y = torch.tanh(z)
            _ = z.var(), y.var()
            kept.append((w, x, y))
            x = y
        delta = x
        for w, inputs, y in reversed(kept):
            delta = delta * (1 - y * y)
            _ = ((inputs @ inputs.T) * (delta @ delta.T)).sum()
            delta = delta @ w
            _ = delta.var()

    return least(run)


result = {"numpy": with_numpy()}
try:
    result["torch"] = with_torch()
except ImportError:
    pass
print(json.dumps(result))
