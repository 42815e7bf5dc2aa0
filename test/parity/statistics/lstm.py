from torch import nn

INPUT = (8, 16)
VOCABULARY = 300


class Tagger(nn.Module):
    def __init__(self, width=128):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, width)
        self.lstm = nn.LSTM(width, width, num_layers=2, batch_first=True, dropout=0.1)
        self.fc = nn.Linear(width, 64)

    def forward(self, x):
        y, _ = self.lstm(self.embedding(x))
        return self.fc(y)


model = Tagger()
