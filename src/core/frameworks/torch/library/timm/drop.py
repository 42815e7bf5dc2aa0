"""Stochastic depth and its kin."""

import torch
import torch.nn.functional as F
from torch import nn


def drop_path(x, drop_prob=0.0, training=False, scale_by_keep=True):
    """Drops whole samples."""
    if drop_prob == 0.0 or not training:
        return x
    keep_prob = 1 - drop_prob
    mask = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(keep_prob)
    if keep_prob > 0.0 and scale_by_keep:
        mask.div_(keep_prob)
    return x * mask


class DropPath(nn.Module):
    def __init__(self, drop_prob=0.0, scale_by_keep=True):
        super().__init__()
        self.drop_prob = drop_prob
        self.scale_by_keep = scale_by_keep

    def forward(self, x):
        return drop_path(x, self.drop_prob, self.training, self.scale_by_keep)


class DropBlock2d(nn.Module):
    def __init__(
        self,
        drop_prob=0.1,
        block_size=7,
        gamma_scale=1.0,
        with_noise=False,
        inplace=False,
        couple_channels=True,
        scale_by_keep=True,
        **kwargs,
    ):
        super().__init__()
        self.drop_prob = drop_prob
        self.block_size = block_size
        self.gamma_scale = gamma_scale

    def forward(self, x):
        if not self.training or not self.drop_prob:
            return x
        return F.dropout2d(x, self.drop_prob, True)


class PatchDropout(nn.Module):
    """Keeps a random part of the tokens."""

    def __init__(self, prob=0.5, num_prefix_tokens=1, ordered=False, return_indices=False):
        super().__init__()
        self.prob = prob
        self.num_prefix_tokens = num_prefix_tokens
        self.ordered = ordered
        self.return_indices = return_indices

    def forward(self, x):
        keep = None
        if self.training and self.prob > 0.0:
            prefix, x = x[:, : self.num_prefix_tokens], x[:, self.num_prefix_tokens :]
            count = max(1, int(x.shape[1] * (1.0 - self.prob)))
            keep = torch.argsort(torch.randn(x.shape[0], x.shape[1]), dim=-1)[:, :count]
            x = x[:, :count]
            if self.num_prefix_tokens:
                x = torch.cat((prefix, x), dim=1)
        return (x, keep) if self.return_indices else x
