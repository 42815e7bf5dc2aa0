"""A model without a class of its own."""

import torch
import torch.nn as nn

model = nn.Sequential(*[nn.Sequential(nn.Linear(100, 100), nn.ReLU()) for _ in range(20)])
print(model(torch.randn(8, 100)).std())
