"""weight_norm and spectral_norm, old and new; lazy layers."""
import torch.nn as nn
from torch.nn.utils import spectral_norm, weight_norm
from torch.nn.utils.parametrizations import orthogonal
from torch.nn.utils.parametrizations import weight_norm as new_weight_norm


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lazy = nn.LazyConv2d(8, 3)
        self.a = weight_norm(nn.Conv2d(8, 8, 3))
        self.b = new_weight_norm(nn.Conv2d(8, 8, 3))
        self.c = spectral_norm(nn.Conv2d(8, 8, 3))
        self.d = orthogonal(nn.Linear(8, 8))

    def forward(self, x):
        x = self.c(self.b(self.a(self.lazy(x))))
        return self.d(x.mean((2, 3)))


# initscope: input=1,3,16,16
