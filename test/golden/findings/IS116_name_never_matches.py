import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.ln = nn.LayerNorm(d)
        self.c_fc = nn.Linear(d, 4 * d)
        self.c_proj = nn.Linear(4 * d, d)

    def forward(self, x):
        return x + self.c_proj(F.gelu(self.c_fc(self.ln(x))))


class GPT(nn.Module):
    """The hook sees c_proj itself, whose weight is called 'weight'."""

    def __init__(self, d=128, n_layer=12):
        super().__init__()
        self.n_layer = n_layer
        self.h = nn.Sequential(*[Block(d) for _ in range(n_layer)])
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
            nn.init.zeros_(module.bias)
        for name, p in module.named_parameters(recurse=False):
            if name == "c_proj.weight":
                nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * self.n_layer))

    def forward(self, x):
        return self.h(x)


class WholeModel(nn.Module):
    """Silent: the names of the whole model are compared."""

    def __init__(self, d=128, n_layer=12):
        super().__init__()
        self.h = nn.Sequential(*[Block(d) for _ in range(n_layer)])
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, std=0.02)
                nn.init.zeros_(m.bias)
        for pn, p in self.named_parameters():
            if pn.endswith("c_proj.weight"):
                nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * n_layer))
            if pn.endswith("lm_head.weight"):
                nn.init.zeros_(p)

    def forward(self, x):
        return self.h(x)


GPT()(torch.randn(2, 16, 128))
WholeModel()(torch.randn(2, 16, 128))
