import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, vocabulary=1000, hidden=128):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, 64)
        self.lstm = nn.LSTM(64, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 10)

    def forward(self, tokens):
        h, _ = self.lstm(self.embed(tokens))
        return self.out(h)


class BothOnes(Tagger):
    """Two ones, as in implementations that forget that there are two biases."""

    def __init__(self):
        super().__init__()
        for name, p in self.lstm.named_parameters():
            if "bias" in name:
                n = p.size(0)
                p.data.fill_(0)
                p.data[n // 4 : n // 2].fill_(1)


class One(Tagger):
    """Silent: 1 + 0."""

    def __init__(self):
        super().__init__()
        hidden = self.lstm.hidden_size
        nn.init.zeros_(self.lstm.bias_ih_l0)
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_ih_l0.data[hidden : 2 * hidden] = 1.0


class Short(nn.Module):
    """Silent: over a few steps little is forgotten."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 32, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0]


Tagger()(torch.randint(0, 1000, (4, 64)))
BothOnes()(torch.randint(0, 1000, (4, 64)))
One()(torch.randint(0, 1000, (4, 64)))
Short()(torch.randn(4, 6, 8))
