"""
What entries have after programs that set them, measured by PyTorch: writes storage.json beside this file.

    python storage.py          (needs torch; made with 2.13.0 on a CPU)

Each line of storage.txt makes a tensor `w`. It runs many times over; written are the shape of `w` and the mean and
standard deviation of its entries, with the standard errors of both between runs.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

PROGRAMS = pathlib.Path(__file__).with_name("storage.txt")
RUNS = 40


def measure(program):
    means, deviations, shape = [], [], None
    for run in range(RUNS):
        torch.manual_seed(run)
        scope = {"torch": torch, "F": F, "math": math}
        with torch.no_grad():
            exec(program, scope)
        w = scope["w"].detach().double()
        shape = list(w.shape)
        means.append(w.mean().item())
        deviations.append(w.std(unbiased=False).item())
    pooled = math.sqrt(sum(s * s + m * m for s, m in zip(deviations, means)) / RUNS - (sum(means) / RUNS) ** 2)
    spread = torch.tensor([means, deviations], dtype=torch.double).std(dim=1) / math.sqrt(RUNS)
    return {
        "program": program,
        "shape": shape,
        "mean": sum(means) / RUNS,
        "std": pooled,
        "errors": [float(f"{e:.3g}") for e in spread.tolist()],
    }


def main():
    lines = [line.strip() for line in PROGRAMS.read_text().splitlines()]
    cases = [measure(line) for line in lines if line and not line.startswith("#")]
    PROGRAMS.with_name("storage.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
    print(f"{len(cases)} programs")


if __name__ == "__main__":
    main()
