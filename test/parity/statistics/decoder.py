import torch
from torch import nn

INPUT = (8, 24)
VOCABULARY = 400


class Translator(nn.Module):
    """Encoder and decoder read the same tokens."""

    def __init__(self, width=128):
        super().__init__()
        self.source = nn.Embedding(VOCABULARY, width)
        self.target = nn.Embedding(VOCABULARY, width)
        self.encoder = nn.TransformerEncoderLayer(width, 4, 256, dropout=0.0, batch_first=True)
        self.decoder1 = nn.TransformerDecoderLayer(width, 4, 256, dropout=0.0, batch_first=True)
        self.decoder2 = nn.TransformerDecoderLayer(width, 4, 256, dropout=0.0, batch_first=True)
        self.head = nn.Linear(width, 64)

    def forward(self, x):
        memory = self.encoder(self.source(x))
        length = x.size(1)
        mask = torch.triu(torch.full((length, length), float("-inf")), diagonal=1)
        y = self.decoder1(self.target(x), memory, tgt_mask=mask)
        y = self.decoder2(y, memory, tgt_mask=mask)
        return self.head(y)


model = Translator()
