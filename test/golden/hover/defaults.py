"""Layers as PyTorch makes them."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
#     ^^^ the model
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        #            ^^^^^^^^^ first conv
        self.conv2 = nn.Conv2d(32, 64, 3, bias=False)
        #            ^^^^^^^^^ conv after ReLU, no bias
        self.depthwise = nn.Conv2d(64, 64, 3, padding=1, groups=64)
        #                ^^^^^^^^^ depthwise
        self.pool = nn.MaxPool2d(2)
        #           ^^^^^^^^^^^^ a layer without weights
        self.dropout = nn.Dropout(0.5)
        #              ^^^^^^^^^^ dropout
        self.fc1 = nn.Linear(9216, 128)
        #          ^^^^^^^^^ wide linear
        self.fc2 = nn.Linear(128, classes)
        #          ^^^^^^^^^ output layer
        self.spare = nn.Linear(128, 128)
        #            ^^^^^^^^^ never called

    def forward(self, x):
        #   ^^^^^^^ no hover here
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = self.pool(F.relu(self.depthwise(x)))
        x = self.dropout(torch.flatten(x, 1))
        x = F.relu(self.fc1(x))
        return self.fc2(x)
