"""Writes training.json: small networks trained by PyTorch, step by step.

    python test/parity/training.py > test/parity/training.json

Each case has its first weights, the batches, and for every step the loss, the gradients and the weights after it, all
computed in double precision.
"""
import json

import torch
from torch import nn

STEPS = 5
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU}


def entries(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def case(name, sizes, activation, loss, lr, momentum, batch):
    torch.manual_seed(len(name))
    modules = []
    for i, (n, m) in enumerate(zip(sizes, sizes[1:])):
        modules.append(nn.Linear(n, m))
        if i < len(sizes) - 2:
            modules.append(ACTIVATIONS[activation]())
    net = nn.Sequential(*modules).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum)
    first = [entries(p) for p in net.parameters()]
    steps = []
    for _ in range(STEPS):
        x = torch.randn(batch, sizes[0], dtype=torch.float64)
        if loss == "crossEntropy":
            target = torch.randint(0, sizes[-1], (batch,))
            value = nn.functional.cross_entropy(net(x), target)
        elif loss == "binaryCrossEntropy":
            target = torch.randint(0, 2, (batch, 1)).double()
            value = nn.functional.binary_cross_entropy_with_logits(net(x), target)
        else:
            target = torch.randn(batch, sizes[-1], dtype=torch.float64)
            value = nn.functional.mse_loss(net(x), target)
        optimizer.zero_grad()
        value.backward()
        gradients = [entries(p.grad) for p in net.parameters()]
        optimizer.step()
        steps.append({
            "inputs": entries(x),
            "targets": entries(target.double()),
            "loss": value.item(),
            "gradients": gradients,
            "weights": [entries(p) for p in net.parameters()],
        })
    return {
        "name": name, "sizes": sizes, "activation": activation, "loss": loss, "learningRate": lr,
        "momentum": momentum, "batch": batch, "first": first, "steps": steps,
    }


CASES = [
    case("tanh, softmax", [6, 8, 8, 4], "tanh", "crossEntropy", 0.3, 0.0, 10),
    case("rectifiers, sigmoid output", [2, 6, 3, 1], "relu", "binaryCrossEntropy", 0.5, 0.0, 12),
    case("sigmoids, squares, momentum", [3, 5, 2], "sigmoid", "meanSquare", 0.1, 0.9, 8),
    case("GELU, softmax, momentum", [4, 7, 7, 3], "gelu", "crossEntropy", 0.05, 0.5, 9),
]
print(json.dumps(CASES, separators=(",", ":")))
