import torch.nn as nn
import torch.nn.functional as F


class Statements(nn.Module):
	def __init__(self):
		super().__init__()
		self.fc1 = nn.Linear(64, 64)
		self.fc2 = nn.Linear(64, 1)
		self.last = nn.Sigmoid()

	def forward(self, x):
		x = F.relu(self.fc1(x))
		x = self.fc2(x)
		x = self.last(x)
		return x


def loss(model, x, y):
	return F.binary_cross_entropy_with_logits(model(x), y)
