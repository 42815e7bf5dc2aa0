"""Bodies on one line, tabs, statements that share a line, and functions imported by name."""

import torch
import torch.nn.functional as F
from torch.nn import Linear, Module
from torch.nn.init import xavier_uniform_, zeros_


class Tabs(Module):
	def __init__(self):
		super().__init__()
		self.a = Linear(64, 64); self.b = Linear(64, 64)  # two
		self.c = Linear(64, 64)
		for m in [self.a, self.b, self.c]: xavier_uniform_(m.weight); zeros_(m.bias)

	def forward(self, x):
		return self.c(torch.relu(self.b(torch.relu(self.a(x)))))


class Inline(Module):
	def __init__(self):
		super().__init__(); self.a = Linear(32, 32)
		self.b = Linear(32, 32)  # the head

	def forward(self, x): return self.b(F.leaky_relu(self.a(x), 0.2))
