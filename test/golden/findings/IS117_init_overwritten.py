import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.up = nn.Linear(d, 4 * d)
        self.down = nn.Linear(4 * d, d)
        nn.init.zeros_(self.down.weight)
        nn.init.zeros_(self.down.bias)

    def forward(self, x):
        return x + self.down(F.gelu(self.up(self.norm(x))))


def init(m):
    if isinstance(m, nn.Linear):
        nn.init.trunc_normal_(m.weight, std=0.02)
        nn.init.zeros_(m.bias)


class Net(nn.Module):
    """Blocks that were to start as the identity."""

    def __init__(self, d=64):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(d) for _ in range(4)])
        self.norm = nn.LayerNorm(d)
        self.apply(init)

    def forward(self, x):
        return self.norm(self.blocks(x))


class Loaded(nn.Module):
    """A checkpoint, and an initialization over it."""

    def __init__(self, d=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d))
        self.body.load_state_dict(torch.load("body.pt"))
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        return self.body(x)


class Seq2Seq(nn.Module):
    """nn.Transformer draws all matrices anew, those of an encoder that was given, too."""

    def __init__(self, d=64):
        super().__init__()
        layer = nn.TransformerEncoderLayer(d, 4, 2 * d, batch_first=True)
        encoder = nn.TransformerEncoder(layer, 2)
        for p in encoder.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)
        self.model = nn.Transformer(d, 4, 2, 2, 2 * d, custom_encoder=encoder, batch_first=True)

    def forward(self, x):
        return self.model(x, x)


class After(Net):
    """Silent: the special case comes last."""

    def __init__(self, d=64):
        super().__init__(d)
        for block in self.blocks:
            nn.init.zeros_(block.down.weight)


class OwnInit(nn.Module):
    """Silent: a layer with an initialization of its own, of the common kind, in a model with another."""

    def __init__(self, d=64):
        super().__init__()
        self.fc = nn.Linear(d, d)
        nn.init.xavier_uniform_(self.fc.weight)
        self.head = nn.Linear(d, 10)
        self.apply(init)

    def forward(self, x):
        return self.head(torch.tanh(self.fc(x)))


class Transfer(nn.Module):
    """Silent: a new head on a loaded body."""

    def __init__(self, d=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(d, d), nn.Tanh(), nn.Linear(d, d))
        self.head = nn.Linear(d, 10)
        self.load_state_dict(torch.load("model.pt"))
        self.head.apply(init)

    def forward(self, x):
        return self.head(self.body(x))


Seq2Seq()(torch.randn(2, 8, 64))
Net()(torch.randn(2, 8, 64))
After()(torch.randn(2, 8, 64))
