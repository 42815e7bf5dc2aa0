"""A directive for one model leaves the others as they are; one without an entry is for all."""
import torch.nn as nn

# initscope: entry=Left(6, input=2) input=3,6
# initscope: entry=Wrong(nowhere)
# initscope: input=5,4


class Left(nn.Module):
    def __init__(self, n, input):
        super().__init__()
        self.fc = nn.Linear(n, input)

    def forward(self, x):
        return self.fc(x)


class Right(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return self.fc(x)


class Wrong(nn.Module):
    def __init__(self, n=1):
        super().__init__()
        self.fc = nn.Linear(n, n)

    def forward(self, x):
        return self.fc(x)
