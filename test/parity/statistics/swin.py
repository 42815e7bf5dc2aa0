import torch
from torch import nn

INPUT = (8, 3, 32, 32)


class WindowAttention(nn.Module):
    def __init__(self, width, heads, window):
        super().__init__()
        self.heads = heads
        self.window = window
        self.scale = (width // heads) ** -0.5
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.bias = nn.Parameter(torch.zeros(heads, window**2, window**2))
        nn.init.trunc_normal_(self.bias, std=0.02)

    def forward(self, x):
        b, h, w, c = x.shape
        s = self.window
        x = x.view(b, h // s, s, w // s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, s * s, c)
        q, k, v = self.qkv(x).reshape(x.shape[0], s * s, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attention = torch.softmax((q * self.scale) @ k.transpose(-2, -1) + self.bias, dim=-1)
        x = self.proj((attention @ v).transpose(1, 2).reshape(-1, s * s, c))
        return x.view(b, h // s, w // s, s, s, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)


class Block(nn.Module):
    def __init__(self, width, heads, window, shift):
        super().__init__()
        self.shift = shift
        self.norm1 = nn.LayerNorm(width)
        self.attn = WindowAttention(width, heads, window)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        y = self.norm1(x)
        if self.shift > 0:
            y = torch.roll(y, shifts=(-self.shift, -self.shift), dims=(1, 2))
        y = self.attn(y)
        if self.shift > 0:
            y = torch.roll(y, shifts=(self.shift, self.shift), dims=(1, 2))
        x = x + y
        return x + self.mlp(self.norm2(x))


class Swin(nn.Module):
    """Windows, every other time shifted, and a merging of 2 × 2 patches."""

    def __init__(self, width=64, window=4):
        super().__init__()
        self.embed = nn.Conv2d(3, width, 4, 4)
        self.stage1 = nn.Sequential(Block(width, 2, window, 0), Block(width, 2, window, window // 2))
        self.reduce_norm = nn.LayerNorm(4 * width)
        self.reduction = nn.Linear(4 * width, 2 * width, bias=False)
        self.stage2 = nn.Sequential(Block(2 * width, 4, window, 0))
        self.norm = nn.LayerNorm(2 * width)
        self.head = nn.Linear(2 * width, 64)

    def forward(self, x):
        x = self.stage1(self.embed(x).permute(0, 2, 3, 1))
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], dim=-1)
        x = self.stage2(self.reduction(self.reduce_norm(x)))
        return self.head(self.norm(x))


model = Swin()
