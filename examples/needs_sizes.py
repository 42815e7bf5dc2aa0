"""Sizes that nothing in the workspace gives: hover a layer and choose "set sizes…"."""

from torch import nn


class Classifier(nn.Module):
    def __init__(self, features, hidden, num_classes):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
        )
        self.head = nn.Linear(hidden, num_classes)

    def forward(self, x):
        return self.head(self.body(x))
