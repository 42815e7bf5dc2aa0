"""Images to sequences of patches, and position embeddings."""

import math

import torch
import torch.nn.functional as F
from timm.layers import to_2tuple
from torch import nn


class Format:
    NCHW = "NCHW"
    NHWC = "NHWC"
    NCL = "NCL"
    NLC = "NLC"


def nchw_to(x, fmt):
    if fmt == "NHWC":
        return x.permute(0, 2, 3, 1)
    if fmt == "NLC":
        return x.flatten(2).transpose(1, 2)
    if fmt == "NCL":
        return x.flatten(2)
    return x


class PatchEmbed(nn.Module):
    def __init__(
        self,
        img_size=224,
        patch_size=16,
        in_chans=3,
        embed_dim=768,
        norm_layer=None,
        flatten=True,
        output_fmt=None,
        bias=True,
        strict_img_size=True,
        dynamic_img_pad=False,
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.patch_size = to_2tuple(patch_size)
        self.img_size = None if img_size is None else to_2tuple(img_size)
        self.grid_size = None if img_size is None else tuple([s // p for s, p in zip(self.img_size, self.patch_size)])
        self.num_patches = None if img_size is None else self.grid_size[0] * self.grid_size[1]
        self.flatten = flatten if output_fmt is None else False
        self.output_fmt = Format.NCHW if output_fmt is None else str(output_fmt)
        self.strict_img_size = strict_img_size
        self.dynamic_img_pad = dynamic_img_pad
        self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=self.patch_size, stride=self.patch_size, bias=bias)
        self.norm = norm_layer(embed_dim) if norm_layer else nn.Identity()

    def feat_ratio(self, as_scalar=True):
        return max(self.patch_size) if as_scalar else self.patch_size

    def dynamic_feat_size(self, img_size):
        return tuple([s // p for s, p in zip(img_size, self.patch_size)])

    def forward(self, x):
        if self.img_size is not None and self.strict_img_size:
            for size, wanted in zip(x.shape[-2:], self.img_size):
                if size != wanted:
                    raise AssertionError(f"Input size ({size}) doesn't match model ({wanted}).")
        if self.dynamic_img_pad:
            height, width = x.shape[-2:]
            x = F.pad(x, (0, -width % self.patch_size[1], 0, -height % self.patch_size[0]))
        x = self.proj(x)
        x = x.flatten(2).transpose(1, 2) if self.flatten else nchw_to(x, self.output_fmt)
        return self.norm(x)


def resample_abs_pos_embed(
    posemb, new_size, old_size=None, num_prefix_tokens=1, interpolation="bicubic", antialias=True, verbose=False
):
    count = posemb.shape[1]
    if count == new_size[0] * new_size[1] + num_prefix_tokens and new_size[0] == new_size[1]:
        return posemb
    if old_size is None:
        side = int(math.sqrt(count - num_prefix_tokens))
        old_size = side, side
    prefix = posemb[:, :num_prefix_tokens] if num_prefix_tokens else None
    grid = posemb[:, num_prefix_tokens:].reshape(1, old_size[0], old_size[1], -1).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=new_size, mode=interpolation, antialias=antialias)
    grid = grid.permute(0, 2, 3, 1).reshape(1, -1, posemb.shape[-1])
    return grid if prefix is None else torch.cat([prefix, grid], dim=1)
