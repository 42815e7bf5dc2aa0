"""self.apply(fn), and a loop over the modules."""
import torch.nn as nn


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0.01)


class Net(nn.Module):
#     ^^^ the model
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            #       ^^^^^^^^^^^^^ a container
            nn.Linear(100, 300),
        #   ^^^^^^^^^ set by init_weights
            nn.Tanh(),
        #   ^^^^^^^ tanh
            nn.Linear(300, 100),
        #   ^^^^^^^^^ after tanh
        )
        self.conv = nn.Conv1d(1, 8, 5)
        #           ^^^^^^^^^ set by the loop
        self.apply(init_weights)
        for m in self.modules():
            if isinstance(m, nn.Conv1d):
                nn.init.kaiming_uniform_(m.weight, nonlinearity="relu")

    def forward(self, x):
        return self.conv(self.body(x).unsqueeze(1))
