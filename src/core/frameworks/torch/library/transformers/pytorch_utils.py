"""Conv1D (a linear layer whose weight is (in, out), N(0, 0.02)) and functions of transformers.pytorch_utils."""

import torch
from torch import nn

ALL_LAYERNORM_LAYERS = [nn.LayerNorm]


class Conv1D(nn.Module):
    def __init__(self, nf, nx):
        super().__init__()
        self.nf = nf
        self.nx = nx
        self.weight = nn.Parameter(torch.empty(nx, nf))
        self.bias = nn.Parameter(torch.zeros(nf))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x):
        size_out = x.size()[:-1] + (self.nf,)
        x = torch.addmm(self.bias, x.view(-1, x.size(-1)), self.weight)
        return x.view(size_out)


def apply_chunking_to_forward(forward_fn, chunk_size, chunk_dim, *input_tensors):
    return forward_fn(*input_tensors)


def find_pruneable_heads_and_indices(heads, n_heads, head_size, already_pruned_heads):
    return set(heads), torch.arange(n_heads * head_size)


def prune_linear_layer(layer, index, dim=0):
    return layer


def prune_conv1d_layer(layer, index, dim=1):
    return layer


def meshgrid(*tensors, indexing=None):
    return torch.meshgrid(*tensors, indexing=indexing)


is_torch_greater_or_equal_than_1_13 = True
is_torch_greater_or_equal_than_2_0 = True
is_torch_greater_or_equal_than_2_1 = True
is_torch_greater_or_equal_than_2_2 = True
