import math

import torch
from torch import nn

INPUT = (12, 16)
VOCABULARY = 200


class Positions(nn.Module):
    def __init__(self, width, length=5000):
        super().__init__()
        self.dropout = nn.Dropout(0.2)
        table = torch.zeros(length, width)
        position = torch.arange(0, length, dtype=torch.float).unsqueeze(1)
        frequency = torch.exp(torch.arange(0, width, 2).float() * (-math.log(10000.0) / width))
        table[:, 0::2] = torch.sin(position * frequency)
        table[:, 1::2] = torch.cos(position * frequency)
        self.register_buffer("table", table.unsqueeze(0).transpose(0, 1))

    def forward(self, x):
        return self.dropout(x + self.table[: x.size(0), :])


class LanguageModel(nn.Module):
    """Positions first, and embeddings so small that the table of positions is most of what goes in."""

    def __init__(self, width=64, heads=4, depth=2):
        super().__init__()
        self.width = width
        self.embedding = nn.Embedding(VOCABULARY, width)
        self.positions = Positions(width)
        layer = nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.2)
        self.encoder = nn.TransformerEncoder(layer, depth)
        self.decoder = nn.Linear(width, VOCABULARY)
        nn.init.uniform_(self.embedding.weight, -0.1, 0.1)
        nn.init.uniform_(self.decoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x):
        mask = torch.log(torch.tril(torch.ones(len(x), len(x))))
        x = self.positions(self.embedding(x) * math.sqrt(self.width))
        return self.decoder(self.encoder(x, mask))


model = LanguageModel()
