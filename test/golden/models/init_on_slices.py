"""In-place methods on parts of tensors."""
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, n=32):
        super().__init__()
        self.lstm = nn.LSTM(16, n, batch_first=True)
        self.fc = nn.Linear(n, 8)
        self.scale = nn.Parameter(torch.Tensor(8))
        with torch.no_grad():
            self.lstm.bias_ih_l0[n : 2 * n].fill_(1)
            self.lstm.bias_hh_l0.zero_()
            self.fc.weight.uniform_(-0.1, 0.1).mul_(2)
            self.fc.weight[0] = 0
            self.fc.bias.copy_(torch.arange(8) / 8)
            self.scale.fill_(1.0).div_(4)

    def forward(self, x):
        x, (h, c) = self.lstm(x)
        return self.fc(h[-1]) * self.scale
