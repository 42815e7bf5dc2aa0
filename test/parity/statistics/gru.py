from torch import nn

INPUT = (8, 16, 96)


class Regressor(nn.Module):
    def __init__(self, width=128):
        super().__init__()
        self.gru = nn.GRU(96, width, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(2 * width)
        self.rnn = nn.RNN(2 * width, width, batch_first=True)
        self.fc = nn.Linear(width, 64)
        for name, p in self.rnn.named_parameters():
            if "weight_hh" in name:
                nn.init.orthogonal_(p)

    def forward(self, x):
        y, _ = self.gru(x)
        y, _ = self.rnn(self.norm(y))
        return self.fc(y)


model = Regressor()
