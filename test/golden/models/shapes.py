"""Shapes computed in forward: view, permute, chunk, einsum, padding, indexing."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Attention(nn.Module):
    def __init__(self, dim=48, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.proj = nn.Linear(dim, dim)
        self.bias = nn.Parameter(torch.zeros(1, heads, 1, 1))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = torch.einsum("bhid,bhjd->bhij", q, k) * (d // self.heads) ** -0.5
        weights = F.softmax(scores + self.bias, dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, d))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 48, 8, stride=8)
        self.token = nn.Parameter(torch.randn(1, 1, 48) * 0.02)
        self.attention = Attention()
        self.gate = nn.Linear(48, 96)
        self.head = nn.Linear(48, 5)

    def forward(self, x):
        x = self.patches(F.pad(x, (0, 0, 4, 4))).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.size(0), -1, -1), x], dim=1)
        x = x + self.attention(x)
        a, b = self.gate(x).chunk(2, dim=-1)
        return self.head((a * b.sigmoid())[:, 0])
