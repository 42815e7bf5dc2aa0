"""Embedding, LSTM, attention, LayerNorm."""
import torch.nn as nn


class Tagger(nn.Module):
#     ^^^^^^ the model
    def __init__(self, vocabulary=10000, size=128, hidden=256, tags=17):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size, padding_idx=0)
        #                ^^^^^^^^^^^^ embedding
        self.lstm = nn.LSTM(size, hidden, num_layers=2, batch_first=True, bidirectional=True)
        #           ^^^^^^^ lstm
        self.norm = nn.LayerNorm(2 * hidden)
        #           ^^^^^^^^^^^^ layer norm
        self.attention = nn.MultiheadAttention(2 * hidden, 8, batch_first=True)
        #                ^^^^^^^^^^^^^^^^^^^^^ attention
        self.out = nn.Linear(2 * hidden, tags)
        #          ^^^^^^^^^ after attention

    def forward(self, tokens):
        x, _ = self.lstm(self.embedding(tokens))
        x = self.norm(x)
        y, _ = self.attention(x, x, x)
        return self.out(x + y)


class LanguageModel(nn.Module):
#     ^^^^^^^^^^^^^ tied model
    def __init__(self, vocabulary=5000, size=256):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        #                ^^^^^^^^^^^^ tied embedding
        self.gru = nn.GRU(size, size, batch_first=True)
        #          ^^^^^^ gru
        self.decoder = nn.Linear(size, vocabulary)
        #              ^^^^^^^^^ tied decoder
        self.decoder.weight = self.embedding.weight

    def forward(self, tokens):
        x, _ = self.gru(self.embedding(tokens))
        return self.decoder(x)
