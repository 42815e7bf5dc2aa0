import torch
import torch.nn as nn
import torch.nn.functional as F


class Classifier(nn.Module):
    """Logits for the loss; softmax only where probabilities are asked for."""

    def __init__(self, num_classes=4):
        super().__init__()
        self.fc1 = nn.Linear(784, 128)
        self.fc2 = nn.Linear(128, num_classes)

    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))

    def predict(self, x):
        return F.softmax(self(x), dim=1)


class Both(Classifier):
    """Logits and probabilities."""

    def forward(self, x):
        logits = super().forward(x)
        return logits, F.softmax(logits, dim=1)


class LogProbabilities(Classifier):
    """A second log_softmax changes nothing."""

    def forward(self, x):
        return F.log_softmax(super().forward(x), dim=1)


def loss(model, x, y):
    return F.cross_entropy(model(x), y)
