import torch
import torch.nn as nn
import torch.nn.functional as F


class GraphConvolution(nn.Module):
    """A weight of shape (in, out), as in many graph networks."""

    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        nn.init.kaiming_uniform_(self.weight, nonlinearity="relu")

    def forward(self, x, adj):
        return adj @ (x @ self.weight)


class GCN(nn.Module):
    def __init__(self, nfeat=1433, nhid=16, nclass=7):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        return self.gc2(x, adj)


class FanOut(nn.Module):
    """Silent: with mode='fan_out' torch counts the first axis."""

    def __init__(self, d=784, h=128):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(d, h))
        self.w2 = nn.Parameter(torch.empty(h, h))
        self.w3 = nn.Parameter(torch.empty(h, 10))
        for w in (self.w1, self.w2, self.w3):
            nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return F.relu(F.relu(x @ self.w1) @ self.w2) @ self.w3


class Xavier(FanOut):
    """Silent: Xavier takes both sides alike."""

    def __init__(self):
        super().__init__()
        for w in (self.w1, self.w2, self.w3):
            nn.init.xavier_normal_(w, gain=2**0.5)


GCN()(torch.randn(10, 1433), torch.randn(10, 10))
