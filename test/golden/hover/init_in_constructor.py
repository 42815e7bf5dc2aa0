"""nn.init called on the parameters in __init__."""
import torch.nn as nn
from torch.nn import init


class Net(nn.Module):
#     ^^^ the model
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 512)
        #          ^^^^^^^^^ He on both
        self.fc2 = nn.Linear(512, 512)
        #          ^^^^^^^^^ N(0, 1)
        self.fc3 = nn.Linear(512, 512)
        #          ^^^^^^^^^ Xavier uniform, gain for tanh
        self.fc4 = nn.Linear(512, 512)
        #          ^^^^^^^^^ all zeros
        self.fc5 = nn.Linear(512, 512)
        #          ^^^^^^^^^ orthogonal
        self.fc6 = nn.Linear(512, 512)
        #          ^^^^^^^^^ truncated normal
        self.fc7 = nn.Linear(512, 512)
        #          ^^^^^^^^^ scaled in place
        self.fc8 = nn.Linear(512, 10)
        init.kaiming_normal_(self.fc1.weight)
        init.zeros_(self.fc1.bias)
        init.normal_(self.fc2.weight)
        init.xavier_uniform_(self.fc3.weight, gain=init.calculate_gain("tanh"))
        init.constant_(self.fc4.weight, 0)
        init.orthogonal_(self.fc5.weight, gain=2**0.5)
        init.trunc_normal_(self.fc6.weight, std=0.02)
        self.fc7.weight.data.mul_(0.1)

    def forward(self, x):
        x = self.fc1(x).relu()
        x = self.fc2(x).relu()
        x = self.fc3(x).relu()
        x = self.fc4(x).relu()
        x = self.fc5(x).relu()
        x = self.fc6(x).relu()
        x = self.fc7(x).relu()
        return self.fc8(x)
