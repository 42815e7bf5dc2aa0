"""Parameters of memory as it was found."""

import torch
from torch import nn
from torch.nn.parameter import Parameter


class Layer(nn.Module):
    def __init__(self, features: int, out: int) -> None:
        super().__init__()
        self.weight: Parameter = Parameter(torch.empty((out, features)))
        self.register_parameter('bias', Parameter(torch.empty(out)))
        self.gamma = Parameter(torch.Tensor(out))  # a factor
        self.experts = nn.ParameterList([Parameter(torch.empty(out, out)) for _ in range(4)])

    def forward(self, x):
        x = torch.relu(nn.functional.linear(x, self.weight, self.bias)) * self.gamma
        for w in self.experts:
            x = torch.relu(x @ w)
        return x


net = nn.Sequential(Layer(8, 16), Layer(16, 16))
net(torch.randn(2, 8))


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(1000, 64, padding_idx=0)
        self.out = nn.Linear(64, 5)
        self.apply(self._init)

    def _init(self, m):
        if isinstance(m, nn.Embedding):
            m.weight.data.normal_(mean=0.0, std=0.1)

    def forward(self, tokens):
        return self.out(self.embedding(tokens))
