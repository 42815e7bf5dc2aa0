from torch import nn

INPUT = (8, 32)
VOCABULARY = 500


class Encoder(nn.Module):
    def __init__(self, width=128, depth=3):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, width)
        layer = nn.TransformerEncoderLayer(width, 4, 256, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth)
        self.head = nn.Linear(width, 64)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x)))


model = Encoder()
