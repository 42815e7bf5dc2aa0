"""Megatron's own signatures: layers are called with sizes and return (output, bias)."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn import init
from torch.nn.parameter import Parameter


class _ParallelLinear(nn.Module):
    def __init__(
        self, input_size, output_size, *args, bias=True, init_method=init.xavier_normal_, skip_bias_add=False, **kwargs
    ):
        super().__init__()
        self.input_size = input_size
        self.output_size = output_size
        self.skip_bias_add = skip_bias_add
        self.weight = Parameter(torch.empty(output_size, input_size))
        init_method(self.weight)
        if bias:
            self.bias = Parameter(torch.zeros(output_size))
        else:
            self.register_parameter("bias", None)

    def forward(self, input_, weight=None, **kwargs):
        weight = self.weight if weight is None else weight
        if self.skip_bias_add:
            return F.linear(input_, weight), self.bias
        return F.linear(input_, weight, self.bias), None


class ColumnParallelLinear(_ParallelLinear):
    pass


class RowParallelLinear(_ParallelLinear):
    pass


class VocabParallelEmbedding(nn.Module):
    def __init__(self, num_embeddings, embedding_dim, *args, init_method=init.xavier_normal_, **kwargs):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.weight = Parameter(torch.empty(num_embeddings, embedding_dim))
        init_method(self.weight)

    def forward(self, input_):
        return F.embedding(input_, self.weight)
