"""Every function of nn.init that draws or fills, with arguments."""
import torch.nn as nn
from torch.nn import init


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList(nn.Linear(24, 24, bias=False) for _ in range(13))
        self.c = nn.Conv2d(4, 6, 3, groups=2, bias=False)
        w = [m.weight for m in self.l]
        init.uniform_(w[0], -0.2, 0.3)
        init.normal_(w[1], mean=0.1, std=0.5)
        init.trunc_normal_(w[2], std=1.0)
        init.constant_(w[3], 0.5)
        init.eye_(w[4])
        init.xavier_uniform_(w[5], gain=2)
        init.xavier_normal_(w[6])
        init.kaiming_uniform_(w[7], a=0.2)
        init.kaiming_normal_(w[8], mode="fan_out", nonlinearity="relu")
        init.orthogonal_(w[9], gain=0.5)
        init.sparse_(w[10], sparsity=0.25, std=0.3)
        init.ones_(w[11])
        init.zeros_(w[12])
        init.dirac_(self.c.weight, 2)

    def forward(self, x):
        for m in self.l:
            x = m(x)
        return x
