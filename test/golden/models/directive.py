"""The directive says what to build and what to give it."""
import torch.nn as nn

# initscope: entry=Net(sizes, act) input=4,12;4,6 setup=sizes = [18, 9]; act = nn.SiLU


class Net(nn.Module):
    def __init__(self, sizes, activation):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(*sizes), activation())

    def forward(self, a, b):
        import torch

        return self.net(torch.cat([a, b], 1))
