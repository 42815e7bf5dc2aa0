"""The hover says where the sizes come from."""
import torch.nn as nn


class Net(nn.Module):
#     ^^^ model
    def __init__(self, features, hidden):
        super().__init__()
        self.fc1 = nn.Linear(features, hidden)
        #          ^^^^^^^^^ first
        self.fc2 = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())
