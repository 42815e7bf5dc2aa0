import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, features, hidden):
        super().__init__()
        self.fc = nn.Linear(features, hidden)

    def forward(self, x):
        return self.fc(x).relu()
