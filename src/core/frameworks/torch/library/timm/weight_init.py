"""Initializers of timm.layers.weight_init."""

import math

from torch.nn import init


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    """Bounds are absolute, as torch's."""
    return init.trunc_normal_(tensor, mean, std, a, b)


def trunc_normal_tf_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    """Bounds count in standard deviations: a truncated N(0, 1), scaled and shifted afterwards."""
    return init.trunc_normal_(tensor, mean, std, mean + a * std, mean + b * std)


def variance_scaling_(tensor, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(tensor)
    fan = fan_in if mode == "fan_in" else fan_out if mode == "fan_out" else (fan_in + fan_out) / 2
    variance = scale / fan
    if distribution == "truncated_normal":
        # The standard deviation that N(0, 1) keeps within ±2.
        trunc_normal_tf_(tensor, std=math.sqrt(variance) / 0.87962566103423978)
    elif distribution == "normal":
        init.normal_(tensor, std=math.sqrt(variance))
    elif distribution == "uniform":
        bound = math.sqrt(3 * variance)
        init.uniform_(tensor, -bound, bound)
    else:
        raise ValueError(f"invalid distribution {distribution}")


def lecun_normal_(tensor):
    variance_scaling_(tensor, mode="fan_in", distribution="truncated_normal")


def init_weight_vit(module, name, init_bias=0.02, head_bias=0.0, classifier_name="head"):
    from torch import nn

    if isinstance(module, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        if name.startswith(classifier_name):
            init.zeros_(module.weight)
            init.constant_(module.bias, head_bias)
        else:
            init.trunc_normal_(module.weight, std=0.02)
            if module.bias is not None:
                init.constant_(module.bias, init_bias)
    elif hasattr(module, "init_weights"):
        module.init_weights()
