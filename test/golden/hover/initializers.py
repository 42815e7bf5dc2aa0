"""Calls that set weights, and activations called in forward."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(256, 256)
        self.two = nn.Linear(256, 256)
        self.three = nn.Linear(256, 256)
        self.four = nn.Linear(256, 256)
        self.head = nn.Linear(256, 10)
        nn.init.kaiming_normal_(self.one.weight, a=math.sqrt(5), nonlinearity="relu")
        #       ^^^^^^^^^^^^^^^ He, with a slope that is not read
        nn.init.kaiming_uniform_(self.two.weight, mode="fan_out")
        #       ^^^^^^^^^^^^^^^^ He over fan-out
        nn.init.xavier_normal_(self.three.weight)
        #       ^^^^^^^^^^^^^^ Xavier before a ReLU
        nn.init.trunc_normal_(self.four.weight, std=0.02)
        #       ^^^^^^^^^^^^^ truncated
        for layer in (self.one, self.two, self.three):
            nn.init.zeros_(layer.bias)
            #       ^^^^^^ three biases

    def forward(self, x):
        x = F.relu(self.one(x))
        #   ^^^^^^ ReLU as a function
        x = torch.tanh(self.two(x))
        #         ^^^^ tanh
        x = F.leaky_relu(self.three(x), 0.2)
        #     ^^^^^^^^^^ leaky ReLU
        x = self.four(x).relu()
        #                ^^^^ ReLU as a method
        return self.head(x)
