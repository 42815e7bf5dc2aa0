import torch
from torch import nn

INPUT = (12, 24)
VOCABULARY = 200


class Classifier(nn.Module):
    """Two kinds of stacks, of which the loss sees the average over time and the last step."""

    def __init__(self, width=96):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, width)
        self.lstm = nn.LSTM(width, width, 2, batch_first=True, bidirectional=True)
        self.between = nn.Linear(2 * width, width)
        self.gru = nn.GRU(width, width, 2, batch_first=True)
        self.average = nn.Linear(width, 64)
        self.last = nn.Linear(width, 64)

    def forward(self, x):
        x, _ = self.lstm(self.embedding(x))
        x, _ = self.gru(torch.tanh(self.between(x)))
        return torch.cat((self.average(x.mean(1)), self.last(x[:, -1])), dim=1)


model = Classifier()
