"""Tied weights, a module under two names, copies."""
import copy

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(100, 16)
        self.encoder = nn.Linear(16, 16)
        self.decoder = self.encoder
        self.copies = nn.ModuleList(copy.deepcopy(self.encoder) for _ in range(2))
        self.out = nn.Linear(16, 100, bias=False)
        self.out.weight = self.embedding.weight
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.copies[1].bias)

    def forward(self, tokens):
        x = self.decoder(self.encoder(self.embedding(tokens)))
        for layer in self.copies:
            x = layer(x)
        return self.out(x)
