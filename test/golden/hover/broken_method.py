"""A method that is being typed, in the middle of a class."""
import torch.nn as nn


class Net(nn.Module):
#     ^^^ the model
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 128)
        #          ^^^^^^^^^ above the broken lines
        self.fc2 = nn.Linear(128, 10)
        #          ^^^^^^^^^ read all the same

    def helper(self, x):
        return self.fc1(x
        #               ^ the broken line

    def forward(self, x):
        return self.fc2(self.fc1(x).relu())


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 32)
        #         ^^^^^^^^^ class below the broken lines

    def forward(self, x):
        return self.fc(x)
