from torch import nn

INPUT = (8, 32, 128)


class Encoder(nn.Module):
    def __init__(self, width=128, depth=3):
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, 4, 256, activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, 64)

    def forward(self, x):
        return self.head(self.encoder(x))


model = Encoder()
