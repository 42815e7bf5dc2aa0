import torch
import torch.nn as nn
import torch.nn.functional as F



class Tagger(nn.Module):
    def __init__(self, again=False):
        super().__init__()
        self.embedding = nn.Embedding(1000, 64, padding_idx=0)
        self.out = nn.Linear(64, 5)
        nn.init.normal_(self.embedding.weight, std=0.1)
        if again:
            with torch.no_grad():
                self.embedding.weight[0].fill_(0)

    def forward(self, tokens):
        return self.out(self.embedding(tokens))


class Right(Tagger):
    """Silent: the row is zeroed again."""

    def __init__(self):
        super().__init__(again=True)


overwritten = Tagger()
