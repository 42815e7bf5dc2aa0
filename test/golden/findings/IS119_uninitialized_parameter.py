import torch
import torch.nn as nn
import torch.nn.functional as F



class GraphAttention(nn.Module):
    def __init__(self, into, out):
        super().__init__()
        self.proj = nn.Parameter(torch.empty(into, out))
        self.score = nn.Parameter(torch.Tensor(out, 1))
        self.bias = nn.Parameter(torch.zeros(out))
        nn.init.xavier_uniform_(self.proj)

    def forward(self, x):
        h = x @ self.proj
        return torch.sigmoid(h @ self.score) * h + self.bias


net = GraphAttention(64, 32)
