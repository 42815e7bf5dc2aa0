"""
What real PyTorch builds: writes layers.json beside this file.

    python test/parity/layers.py          # needs torch 2.13

Each case is an expression, the inputs of its forward, and what came of it: of every parameter [name, shape, fans, mean
and standard deviation of its entries as initialised, number of entries measured (over several instances)], and the
shapes that forward returns.
"""

import json
import math
import warnings
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.init import _calculate_fan_in_and_fan_out
from torch.nn.utils import parametrizations, parametrize

warnings.filterwarnings("ignore")

ENTRIES = 40_000
INSTANCES = 400
LARGEST = 5_000_000


def ints(high, *shape):
    """An input of integers in [0, high)."""
    return {"shape": list(shape), "range": high}


def floats(*shape):
    return {"shape": list(shape)}


LINEAR = [
    ("nn.Linear(20, 30)", floats(8, 20)),
    ("nn.Linear(20, 30, bias=False)", floats(8, 5, 20)),
    ("nn.Linear(7, 1)", floats(7)),
    ("nn.Linear(in_features=16, out_features=4, device='cpu', dtype=torch.float32)", floats(2, 16)),
    ("nn.Bilinear(6, 9, 4)", floats(3, 6), floats(3, 9)),
    ("nn.Bilinear(6, 9, 4, bias=False)", floats(3, 6), floats(3, 9)),
    ("nn.LazyLinear(12)", floats(4, 33)),
    ("nn.LazyLinear(12, bias=False)", floats(4, 33)),
    ("nn.Identity(54, unused=True)", floats(2, 3)),
    ("nn.Sequential(nn.Flatten(), nn.LazyLinear(10), nn.ReLU(), nn.LazyLinear(3))", floats(2, 3, 4)),
]

CONVOLUTION = [
    ("nn.Conv1d(4, 6, 3)", floats(2, 4, 20)),
    ("nn.Conv1d(4, 6, 5, stride=2, padding=2, dilation=2, bias=False)", floats(2, 4, 20)),
    ("nn.Conv1d(4, 4, 3, padding='same', dilation=3, groups=4)", floats(2, 4, 20)),
    ("nn.Conv1d(4, 6, 3, padding=1, padding_mode='circular')", floats(2, 4, 20)),
    ("nn.Conv1d(4, 6, 3)", floats(4, 20)),
    ("nn.Conv2d(3, 16, 3)", floats(2, 3, 12, 14)),
    ("nn.Conv2d(3, 16, (3, 5), (2, 1), (1, 2), bias=False)", floats(2, 3, 12, 14)),
    ("nn.Conv2d(8, 16, 3, 1, 1, 1, 4)", floats(2, 8, 7, 7)),
    ("nn.Conv2d(8, 8, 7, padding=3, groups=8)", floats(1, 8, 9, 9)),
    ("nn.Conv2d(8, 8, 3, padding='same')", floats(1, 8, 9, 9)),
    ("nn.Conv2d(8, 8, (2, 4), padding='same', dilation=(1, 2))", floats(1, 8, 9, 9)),
    ("nn.Conv2d(8, 8, 3, padding='valid')", floats(1, 8, 9, 9)),
    ("nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')", floats(1, 3, 9, 8)),
    ("nn.Conv2d(3, 4, 4, padding='same', padding_mode='replicate')", floats(1, 3, 9, 8)),
    ("nn.Conv3d(2, 4, 3, padding=1)", floats(1, 2, 5, 6, 7)),
    ("nn.Conv3d(2, 4, (1, 3, 3), (1, 2, 2), groups=2)", floats(1, 2, 5, 6, 7)),
    ("nn.ConvTranspose1d(4, 6, 4, stride=2, padding=1)", floats(2, 4, 10)),
    ("nn.ConvTranspose2d(6, 4, 4, 2, 1)", floats(2, 6, 5, 7)),
    ("nn.ConvTranspose2d(6, 4, 3, 2, 1, 1, 2, False)", floats(2, 6, 5, 7)),
    ("nn.ConvTranspose2d(6, 4, (3, 2), stride=(2, 3), output_padding=(1, 2), dilation=2)", floats(2, 6, 5, 7)),
    ("nn.ConvTranspose3d(2, 4, 2, 2)", floats(1, 2, 3, 4, 5)),
    ("nn.LazyConv1d(6, 3)", floats(2, 5, 20)),
    ("nn.LazyConv2d(8, 3, padding=1, groups=2)", floats(2, 6, 8, 8)),
    ("nn.LazyConv3d(4, 2, bias=False)", floats(2, 3, 4, 4, 4)),
    ("nn.LazyConvTranspose2d(8, 4, 2, 1)", floats(2, 6, 4, 4)),
]

NORMALIZATION = [
    ("nn.BatchNorm1d(10)", floats(4, 10)),
    ("nn.BatchNorm1d(10, affine=False)", floats(4, 10, 6)),
    ("nn.BatchNorm2d(10, eps=1e-3, momentum=None)", floats(2, 10, 4, 4)),
    ("nn.BatchNorm2d(10, track_running_stats=False)", floats(2, 10, 4, 4)),
    ("nn.BatchNorm2d(10, bias=False)", floats(2, 10, 4, 4)),
    ("nn.BatchNorm3d(3)", floats(2, 3, 4, 4, 4)),
    ("nn.LazyBatchNorm2d()", floats(2, 10, 4, 4)),
    ("nn.LazyBatchNorm1d(affine=False)", floats(4, 10)),
    ("nn.SyncBatchNorm(7)", None),
    ("nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4)))", None),
    ("nn.LayerNorm(12)", floats(2, 5, 12)),
    ("nn.LayerNorm([5, 12], bias=False)", floats(2, 5, 12)),
    ("nn.LayerNorm((5, 12), elementwise_affine=False)", floats(2, 5, 12)),
    ("nn.GroupNorm(4, 12)", floats(2, 12, 5)),
    ("nn.GroupNorm(3, 12, affine=False)", floats(2, 12, 5, 5)),
    ("nn.GroupNorm(3, 12, bias=False)", floats(2, 12, 5, 5)),
    ("nn.InstanceNorm1d(6)", floats(2, 6, 9)),
    ("nn.InstanceNorm2d(6, affine=True)", floats(2, 6, 9, 9)),
    ("nn.InstanceNorm2d(6, affine=True, track_running_stats=True)", floats(6, 9, 9)),
    ("nn.InstanceNorm3d(2)", floats(2, 2, 4, 4, 4)),
    ("nn.LazyInstanceNorm2d(affine=True)", floats(2, 6, 9, 9)),
    ("nn.RMSNorm(12)", floats(2, 5, 12)),
    ("nn.RMSNorm((5, 12), eps=1e-6, elementwise_affine=False)", floats(2, 5, 12)),
    ("nn.LocalResponseNorm(2)", floats(2, 8, 4, 4)),
    ("nn.CrossMapLRN2d(3)", floats(2, 8, 4, 4)),
]

ACTIVATION = [
    (f"nn.{call}", floats(4, 6))
    for call in (
        "ReLU()",
        "ReLU(inplace=True)",
        "LeakyReLU(0.2)",
        "RReLU()",
        "PReLU()",
        "PReLU(6, init=0.1)",
        "ELU(0.5)",
        "CELU()",
        "SELU(True)",
        "GELU()",
        "GELU(approximate='tanh')",
        "SiLU()",
        "Mish()",
        "Sigmoid()",
        "Tanh()",
        "Hardtanh(-2, 2)",
        "Hardtanh(min_value=-3.0)",
        "ReLU6()",
        "Hardswish()",
        "Hardsigmoid()",
        "Softplus(beta=2)",
        "Softsign()",
        "Softshrink(0.3)",
        "Hardshrink()",
        "Tanhshrink()",
        "LogSigmoid()",
        "Threshold(0.1, 20)",
        "Softmax(dim=-1)",
        "LogSoftmax(dim=1)",
        "Softmin(dim=1)",
        "GLU()",
        "GLU(dim=0)",
    )
] + [("nn.Softmax2d()", floats(2, 3, 4, 4))]

POOLING = [
    ("nn.MaxPool1d(3)", floats(2, 4, 20)),
    ("nn.MaxPool1d(3, 2, 1, ceil_mode=True)", floats(2, 4, 20)),
    ("nn.MaxPool2d(2)", floats(2, 4, 9, 8)),
    ("nn.MaxPool2d(3, stride=2, padding=1)", floats(2, 4, 9, 8)),
    ("nn.MaxPool2d((3, 2), (2, 1), dilation=2)", floats(2, 4, 9, 8)),
    ("nn.MaxPool2d(2, return_indices=True)", floats(2, 4, 9, 8)),
    ("nn.MaxPool2d(3, 2, ceil_mode=True)", floats(2, 4, 9, 8)),
    ("nn.MaxPool3d(2)", floats(2, 4, 6, 6, 6)),
    ("nn.AvgPool1d(4, 2)", floats(2, 4, 20)),
    ("nn.AvgPool2d(3, 2, 1, count_include_pad=False)", floats(2, 4, 9, 8)),
    ("nn.AvgPool3d((1, 2, 2))", floats(2, 4, 3, 6, 6)),
    ("nn.AdaptiveAvgPool1d(5)", floats(2, 4, 20)),
    ("nn.AdaptiveAvgPool2d(1)", floats(2, 4, 9, 8)),
    ("nn.AdaptiveAvgPool2d((None, 3))", floats(2, 4, 9, 8)),
    ("nn.AdaptiveAvgPool3d((2, 2, 2))", floats(2, 4, 6, 6, 6)),
    ("nn.AdaptiveMaxPool1d(3)", floats(2, 4, 20)),
    ("nn.AdaptiveMaxPool2d((3, 2))", floats(2, 4, 9, 8)),
    ("nn.AdaptiveMaxPool3d(1)", floats(2, 4, 6, 6, 6)),
    ("nn.LPPool1d(2, 3)", floats(2, 4, 20)),
    ("nn.LPPool2d(2, 3, 2)", floats(2, 4, 9, 8)),
    ("nn.FractionalMaxPool2d(2, output_size=(4, 5))", floats(2, 4, 9, 8)),
]

DROPOUT_AND_MORE = [
    ("nn.Dropout(0.2)", floats(4, 6)),
    ("nn.Dropout1d(0.2)", floats(4, 6, 7)),
    ("nn.Dropout2d()", floats(4, 6, 7, 7)),
    ("nn.Dropout3d()", floats(4, 6, 3, 3, 3)),
    ("nn.AlphaDropout(0.1)", floats(4, 6)),
    ("nn.FeatureAlphaDropout(0.1)", floats(4, 6, 5)),
    ("nn.Embedding(50, 12)", ints(50, 4, 7)),
    ("nn.Embedding(50, 12, padding_idx=0)", ints(50, 4, 7)),
    ("nn.Embedding(20, 6, padding_idx=-1, max_norm=2.0)", ints(20, 5)),
    ("nn.Embedding.from_pretrained(torch.ones(10, 3), freeze=False)", ints(10, 4)),
    ("nn.EmbeddingBag(50, 12)", ints(50, 4, 7)),
    ("nn.EmbeddingBag(50, 12, mode='sum', padding_idx=3)", ints(50, 4, 7)),
    ("nn.ConstantPad1d(2, 3.5)", floats(2, 3, 5)),
    ("nn.ConstantPad2d((1, 2, 3, 4), 0.5)", floats(2, 3, 5, 5)),
    ("nn.ConstantPad3d(1, 0)", floats(2, 3, 5, 5, 5)),
    ("nn.ZeroPad1d((1, 0))", floats(2, 3, 5)),
    ("nn.ZeroPad2d((0, 1, 0, 1))", floats(2, 3, 5, 5)),
    ("nn.ReflectionPad1d(2)", floats(2, 3, 5)),
    ("nn.ReflectionPad2d(3)", floats(2, 3, 5, 5)),
    ("nn.ReflectionPad3d(1)", floats(2, 3, 5, 5, 5)),
    ("nn.ReplicationPad1d((3, 1))", floats(2, 3, 5)),
    ("nn.ReplicationPad2d(1)", floats(2, 3, 5, 5)),
    ("nn.ReplicationPad3d(1)", floats(2, 3, 5, 5, 5)),
    ("nn.CircularPad1d(2)", floats(2, 3, 5)),
    ("nn.CircularPad2d((1, 1, 2, 2))", floats(2, 3, 5, 5)),
    ("nn.CircularPad3d(1)", floats(2, 3, 5, 5, 5)),
    ("nn.Upsample(scale_factor=2)", floats(2, 3, 5, 6)),
    ("nn.Upsample(size=(7, 9), mode='bilinear', align_corners=False)", floats(2, 3, 5, 6)),
    ("nn.Upsample(scale_factor=(2, 1.5), mode='bicubic')", floats(2, 3, 5, 6)),
    ("nn.Upsample(scale_factor=3, mode='linear')", floats(2, 3, 5)),
    ("nn.UpsamplingNearest2d(scale_factor=2)", floats(2, 3, 5, 6)),
    ("nn.UpsamplingBilinear2d(size=(10, 12))", floats(2, 3, 5, 6)),
    ("nn.PixelShuffle(2)", floats(2, 8, 5, 6)),
    ("nn.PixelUnshuffle(2)", floats(2, 8, 4, 6)),
    ("nn.ChannelShuffle(4)", floats(2, 8, 4, 6)),
    ("nn.Fold((6, 8), (2, 2), stride=2)", floats(2, 12, 12)),
    ("nn.Unfold(3, padding=1)", floats(2, 3, 5, 6)),
    ("nn.Flatten()", floats(2, 3, 4, 5)),
    ("nn.Flatten(2, 3)", floats(2, 3, 4, 5)),
    ("nn.Unflatten(1, (3, 4))", floats(2, 12, 5)),
    ("nn.Unflatten(-1, (-1, 5))", floats(2, 20)),
    ("nn.CosineSimilarity(dim=1)", floats(4, 6), floats(4, 6)),
    ("nn.PairwiseDistance(p=1, keepdim=True)", floats(4, 6), floats(4, 6)),
]

RECURRENT = [
    ("nn.RNN(5, 8)", floats(7, 3, 5)),
    ("nn.RNN(5, 8, 2, 'relu', bias=False, batch_first=True)", floats(3, 7, 5)),
    ("nn.LSTM(5, 8)", floats(7, 3, 5)),
    ("nn.LSTM(5, 8, 2, batch_first=True, dropout=0.1, bidirectional=True)", floats(3, 7, 5)),
    ("nn.LSTM(5, 8, num_layers=2, proj_size=3)", floats(7, 3, 5)),
    ("nn.LSTM(5, 8, proj_size=3, bidirectional=True, bias=False)", floats(7, 3, 5)),
    ("nn.LSTM(5, 8)", floats(7, 5)),
    ("nn.GRU(5, 8, 3)", floats(7, 3, 5)),
    ("nn.GRU(5, 8, bidirectional=True, batch_first=True)", floats(3, 7, 5)),
    ("nn.RNNCell(5, 8, nonlinearity='relu')", floats(3, 5)),
    ("nn.LSTMCell(5, 8)", floats(3, 5)),
    ("nn.GRUCell(5, 8, bias=False)", floats(3, 5)),
    ("nn.RNNBase('GRU', 5, 8, 1)", None),
]

ATTENTION = [
    ("nn.MultiheadAttention(16, 4)", floats(5, 2, 16), floats(6, 2, 16), floats(6, 2, 16)),
    ("nn.MultiheadAttention(16, 4, batch_first=True)", floats(2, 5, 16), floats(2, 6, 16), floats(2, 6, 16)),
    ("nn.MultiheadAttention(16, 2, bias=False)", floats(5, 16), floats(6, 16), floats(6, 16)),
    ("nn.MultiheadAttention(16, 4, kdim=10, vdim=12)", floats(5, 2, 16), floats(6, 2, 10), floats(6, 2, 12)),
    (
        "nn.MultiheadAttention(16, 4, vdim=12, dropout=0.1, bias=False)",
        floats(5, 2, 16),
        floats(6, 2, 16),
        floats(6, 2, 12),
    ),
    (
        "nn.MultiheadAttention(16, 4, add_bias_kv=True, add_zero_attn=True)",
        floats(5, 2, 16),
        floats(6, 2, 16),
        floats(6, 2, 16),
    ),
    ("nn.TransformerEncoderLayer(16, 4, 24)", floats(5, 2, 16)),
    (
        "nn.TransformerEncoderLayer(16, 4, dim_feedforward=24, activation='gelu', norm_first=True, batch_first=True)",
        floats(2, 5, 16),
    ),
    ("nn.TransformerEncoderLayer(16, 4, 24, activation=nn.SiLU(), bias=False)", floats(5, 2, 16)),
    ("nn.TransformerDecoderLayer(16, 4, 24)", floats(5, 2, 16), floats(6, 2, 16)),
    ("nn.TransformerDecoderLayer(16, 2, 24, norm_first=True, batch_first=True)", floats(2, 5, 16), floats(2, 6, 16)),
    ("nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 24), 3, nn.LayerNorm(16))", floats(5, 2, 16)),
    ("nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 4, 24), num_layers=2)", floats(5, 2, 16), floats(6, 2, 16)),
    ("nn.Transformer(16, 4, 2, 1, 24)", floats(5, 2, 16), floats(6, 2, 16)),
    (
        "nn.Transformer(d_model=16, nhead=2, num_encoder_layers=1, num_decoder_layers=2, dim_feedforward=24, batch_first=True, norm_first=True, bias=False)",
        floats(2, 5, 16),
        floats(2, 6, 16),
    ),
]

CONTAINER = [
    ("nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))", floats(3, 4)),
    ("nn.Sequential(OrderedDict([('a', nn.Linear(4, 5)), ('b', nn.Tanh())]))", floats(3, 4)),
    ("nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2))[:-1]", floats(3, 4)),
    ("nn.Sequential(nn.Linear(4, 5)) + nn.Sequential(nn.ReLU(), nn.Linear(5, 2))", floats(3, 4)),
    (
        "nn.Sequential(nn.Linear(4, 4)).append(nn.Tanh()).extend([nn.Linear(4, 3)]).insert(0, nn.LayerNorm(4))",
        floats(3, 4),
    ),
    ("nn.ModuleList([nn.Linear(2, 3) for _ in range(3)])[1:]", None),
    ("nn.ModuleList([nn.Linear(2, 3)]).extend([nn.Linear(3, 1)]).append(nn.PReLU())", None),
    ("nn.ModuleDict({'left': nn.Linear(2, 3), 'right': nn.Conv2d(1, 2, 3)})", None),
    ("nn.ModuleDict([['x', nn.Linear(2, 3)]])", None),
    ("nn.ParameterList([nn.Parameter(torch.zeros(2)), torch.ones(3, 4)])", None),
    ("nn.ParameterDict({'a': nn.Parameter(torch.ones(5)), 'b': nn.Parameter(torch.zeros(2, 2))})", None),
    ("nn.Sequential(*[shared := nn.Linear(4, 4), nn.ReLU(), shared])", floats(3, 4)),
    ("nn.DataParallel(nn.Linear(3, 4))", None),
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 100, [10, 40], div_value=2.0)", floats(8, 16), ints(100, 8)),
    ("nn.AdaptiveLogSoftmaxWithLoss(16, 100, [10, 40, 60], head_bias=True)", floats(8, 16), ints(100, 8)),
]

UTILITY = [
    ("nn.utils.weight_norm(nn.Linear(20, 30))", floats(4, 20)),
    ("nn.utils.weight_norm(nn.Linear(20, 30, bias=False), dim=None)", floats(4, 20)),
    ("nn.utils.weight_norm(nn.Conv1d(6, 8, 3), name='weight')", floats(2, 6, 9)),
    ("nn.utils.weight_norm(nn.ConvTranspose2d(6, 8, 3), dim=1)", floats(2, 6, 9, 9)),
    ("nn.utils.remove_weight_norm(nn.utils.weight_norm(nn.Linear(20, 30)))", floats(4, 20)),
    ("nn.utils.weight_norm(nn.LSTM(5, 8), 'weight_hh_l0')", floats(7, 3, 5)),
    ("nn.utils.spectral_norm(nn.Linear(20, 30))", floats(4, 20)),
    ("nn.utils.spectral_norm(nn.Conv2d(6, 8, 3), n_power_iterations=2)", floats(2, 6, 9, 9)),
    ("nn.utils.spectral_norm(nn.ConvTranspose2d(6, 8, 3))", floats(2, 6, 9, 9)),
    ("parametrizations.weight_norm(nn.Linear(20, 30))", floats(4, 20)),
    ("parametrizations.weight_norm(nn.Conv2d(6, 8, 3, bias=False), dim=1)", floats(2, 6, 9, 9)),
    ("parametrizations.spectral_norm(nn.Conv2d(6, 8, 3))", floats(2, 6, 9, 9)),
    ("parametrizations.orthogonal(nn.Linear(20, 20))", floats(4, 20)),
    ("parametrizations.orthogonal(nn.Linear(20, 30, bias=False))", floats(4, 20)),
    ("parametrize.remove_parametrizations(parametrizations.weight_norm(nn.Linear(20, 30)), 'weight')", floats(4, 20)),
    ("parametrize.register_parametrization(nn.Linear(20, 20), 'weight', Symmetric())", floats(4, 20)),
    ("nn.utils.skip_init(nn.BatchNorm1d, 6)", None),
    ("prune.l1_unstructured(nn.Linear(20, 30), 'weight', amount=0.3)", floats(4, 20)),
]

LOSS = [
    ("nn.CrossEntropyLoss()", floats(4, 6), ints(6, 4)),
    ("nn.CrossEntropyLoss(reduction='none', label_smoothing=0.1)", floats(4, 6), ints(6, 4)),
    ("nn.NLLLoss()", floats(4, 6), ints(6, 4)),
    ("nn.MSELoss()", floats(4, 6), floats(4, 6)),
    ("nn.MSELoss(reduction='none')", floats(4, 6), floats(4, 6)),
    ("nn.L1Loss(reduction='sum')", floats(4, 6), floats(4, 6)),
    ("nn.SmoothL1Loss()", floats(4, 6), floats(4, 6)),
    ("nn.HuberLoss(delta=2.0)", floats(4, 6), floats(4, 6)),
    ("nn.BCEWithLogitsLoss()", floats(4, 6), floats(4, 6)),
    ("nn.KLDivLoss(reduction='batchmean')", floats(4, 6), floats(4, 6)),
    ("nn.CosineEmbeddingLoss()", floats(4, 6), floats(4, 6), floats(4)),
    ("nn.TripletMarginLoss()", floats(4, 6), floats(4, 6), floats(4, 6)),
]

CASES = (
    LINEAR
    + CONVOLUTION
    + NORMALIZATION
    + ACTIVATION
    + POOLING
    + DROPOUT_AND_MORE
    + RECURRENT
    + ATTENTION
    + CONTAINER
    + UTILITY
    + LOSS
)

SETUP = """from collections import OrderedDict
import torch
from torch import nn
import torch.nn.utils.prune as prune
from torch.nn.utils import parametrizations, parametrize

class Symmetric(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).transpose(-1, -2)
"""


def make(spec):
    if "range" in spec:
        return torch.randint(spec["range"], spec["shape"])
    return torch.randn(spec["shape"])


def shapes(result):
    if isinstance(result, torch.Tensor):
        return [list(result.shape)]
    if isinstance(result, (list, tuple)):
        return [s for item in result for s in shapes(item)]
    return []


def build(expression, namespace, inputs):
    model = eval(expression, dict(namespace))
    outputs = None
    if inputs is not None:
        outputs = shapes(model(*[make(spec) for spec in inputs]))
    return model, outputs


def fans(p):
    try:
        return [int(f) for f in _calculate_fan_in_and_fan_out(p)]
    except ValueError:
        return None


def rounded(x):
    """Six digits; None for what was never initialised."""
    return float(f"{x:.6g}") if math.isfinite(x) else None


def measure(expression, namespace, inputs):
    """Everything about one case, the same each time."""
    torch.manual_seed(zlib.crc32(expression.encode()))
    model, outputs = build(expression, namespace, inputs)
    names = [name for name, _ in model.named_parameters()]
    pooled = {name: [] for name in names}
    entries = min([p.numel() for p in model.parameters()], default=ENTRIES)
    total = sum(p.numel() for p in model.parameters())
    for _ in range(min(INSTANCES, math.ceil(ENTRIES / max(1, entries)), math.ceil(LARGEST / max(1, total)))):
        again, _ = build(expression, namespace, inputs if "Lazy" in expression else None)
        for name, p in again.named_parameters():
            pooled[name].append(p.detach().double().flatten())
    parameters = []
    for name, p in model.named_parameters():
        values = torch.cat(pooled[name])
        moments = rounded(values.mean().item()), rounded(values.std(unbiased=False).item())
        parameters.append([name, list(p.shape), fans(p), *moments, len(values)])
    return {"expression": expression, "inputs": inputs, "parameters": parameters, "outputs": outputs}


def measure_all(cases, setup, path):
    namespace = {"__name__": "parity"}
    exec(setup, namespace)
    results = []
    for expression, *given in cases:
        inputs = None if given == [None] else given
        results.append(measure(expression, namespace, inputs))
    lines = ",\n    ".join(json.dumps(r) for r in results)
    path.write_text(
        f'{{\n  "torch": "{torch.__version__}",\n  "setup": {json.dumps(setup)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    )
    print(f"{len(results)} cases, {sum(len(r['parameters']) for r in results)} parameters: {path.name}")


if __name__ == "__main__":
    measure_all(CASES, SETUP, Path(__file__).with_name("layers.json"))
