"""
timm's VisionTransformer: linear layers truncated normal with std 0.02 and zero bias, position embedding std 0.02, class
token 1e-6; the patch projection keeps the convolution's default.
"""

from functools import partial

import torch
from timm.layers import Attention, Block, DropPath, LayerScale, Mlp, PatchDropout, PatchEmbed, calculate_drop_path_rates
from timm.layers import get_act_layer, get_norm_layer, global_pool_nlc, trunc_normal_
from timm.models._manipulate import named_apply
from torch import nn


def init_weights_vit_timm(module, name="", needs_reset=True):
    if isinstance(module, nn.Linear):
        trunc_normal_(module.weight, std=0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif hasattr(module, "init_weights"):
        module.init_weights()


def _cfg(url="", **kwargs):
    return {"url": url, "num_classes": 1000, "input_size": (3, 224, 224), "pool_size": None, **kwargs}


class VisionTransformer(nn.Module):
    def __init__(
        self,
        img_size=224,
        patch_size=16,
        in_chans=3,
        num_classes=1000,
        global_pool="token",
        embed_dim=768,
        depth=12,
        num_heads=12,
        mlp_ratio=4.0,
        qkv_bias=True,
        qk_norm=False,
        scale_attn_norm=False,
        scale_mlp_norm=False,
        proj_bias=True,
        init_values=None,
        class_token=True,
        pos_embed="learn",
        no_embed_class=False,
        reg_tokens=0,
        pre_norm=False,
        final_norm=True,
        fc_norm=None,
        pool_include_prefix=False,
        dynamic_img_size=False,
        dynamic_img_pad=False,
        drop_rate=0.0,
        pos_drop_rate=0.0,
        patch_drop_rate=0.0,
        proj_drop_rate=0.0,
        attn_drop_rate=0.0,
        drop_path_rate=0.0,
        weight_init="",
        fix_init=False,
        embed_layer=PatchEmbed,
        embed_norm_layer=None,
        norm_layer=None,
        act_layer=None,
        block_fn=Block,
        mlp_layer=Mlp,
        **kwargs,
    ):
        super().__init__()
        use_fc_norm = global_pool in ("avg", "avgmax", "max") if fc_norm is None else fc_norm
        norm_layer = get_norm_layer(norm_layer) or partial(nn.LayerNorm, eps=1e-6)
        act_layer = get_act_layer(act_layer) or nn.GELU
        self.num_classes = num_classes
        self.global_pool = global_pool
        self.num_features = self.head_hidden_size = self.embed_dim = embed_dim
        self.num_prefix_tokens = (1 if class_token else 0) + reg_tokens
        self.num_reg_tokens = reg_tokens
        self.has_class_token = class_token
        self.no_embed_class = no_embed_class
        self.pool_include_prefix = pool_include_prefix
        self.grad_checkpointing = False
        self.patch_embed = embed_layer(
            img_size=img_size,
            patch_size=patch_size,
            in_chans=in_chans,
            embed_dim=embed_dim,
            bias=not pre_norm,
        )
        patches = self.patch_embed.num_patches
        self.cls_token = nn.Parameter(torch.empty(1, 1, embed_dim)) if class_token else None
        self.reg_token = nn.Parameter(torch.empty(1, reg_tokens, embed_dim)) if reg_tokens else None
        length = patches if no_embed_class else patches + self.num_prefix_tokens
        self.pos_embed = nn.Parameter(torch.empty(1, length, embed_dim)) if pos_embed and pos_embed != "none" else None
        self.pos_drop = nn.Dropout(p=pos_drop_rate)
        if patch_drop_rate > 0:
            self.patch_drop = PatchDropout(patch_drop_rate, num_prefix_tokens=self.num_prefix_tokens)
        else:
            self.patch_drop = nn.Identity()
        self.norm_pre = norm_layer(embed_dim) if pre_norm else nn.Identity()
        rates = calculate_drop_path_rates(drop_path_rate, depth)
        blocks = []
        for i in range(depth):
            blocks.append(
                block_fn(
                    dim=embed_dim,
                    num_heads=num_heads,
                    mlp_ratio=mlp_ratio,
                    qkv_bias=qkv_bias,
                    qk_norm=qk_norm,
                    proj_bias=proj_bias,
                    init_values=init_values,
                    proj_drop=proj_drop_rate,
                    attn_drop=attn_drop_rate,
                    drop_path=rates[i],
                    norm_layer=norm_layer,
                    act_layer=act_layer,
                    mlp_layer=mlp_layer,
                )
            )
        self.blocks = nn.Sequential(*blocks)
        self.norm = norm_layer(embed_dim) if final_norm and not use_fc_norm else nn.Identity()
        self.fc_norm = norm_layer(embed_dim) if final_norm and use_fc_norm else nn.Identity()
        self.head_drop = nn.Dropout(drop_rate)
        self.head = nn.Linear(embed_dim, num_classes) if num_classes > 0 else nn.Identity()
        if weight_init != "skip":
            self.init_weights(weight_init)

    def init_weights(self, mode=""):
        if self.pos_embed is not None:
            trunc_normal_(self.pos_embed, std=0.02)
        if self.cls_token is not None:
            nn.init.normal_(self.cls_token, std=1e-6)
        if self.reg_token is not None:
            nn.init.normal_(self.reg_token, std=1e-6)
        named_apply(init_weights_vit_timm, self)

    def _init_weights(self, m):
        init_weights_vit_timm(m)

    def no_weight_decay(self):
        return {"pos_embed", "cls_token", "dist_token"}

    def get_classifier(self):
        return self.head

    def reset_classifier(self, num_classes, global_pool=None):
        self.num_classes = num_classes
        if global_pool is not None:
            self.global_pool = global_pool
        self.head = nn.Linear(self.embed_dim, num_classes) if num_classes > 0 else nn.Identity()

    def _pos_embed(self, x):
        prefix = []
        if self.cls_token is not None:
            prefix.append(self.cls_token.expand(x.shape[0], -1, -1))
        if self.reg_token is not None:
            prefix.append(self.reg_token.expand(x.shape[0], -1, -1))
        if self.no_embed_class and self.pos_embed is not None:
            x = x + self.pos_embed
        if prefix:
            x = torch.cat(prefix + [x], dim=1)
        if not self.no_embed_class and self.pos_embed is not None:
            x = x + self.pos_embed
        return self.pos_drop(x)

    def forward_features(self, x, attn_mask=None):
        x = self._pos_embed(self.patch_embed(x))
        x = self.norm_pre(self.patch_drop(x))
        return self.norm(self.blocks(x))

    def forward_head(self, x, pre_logits=False):
        x = global_pool_nlc(x, self.global_pool, self.num_prefix_tokens, self.pool_include_prefix)
        x = self.head_drop(self.fc_norm(x))
        return x if pre_logits else self.head(x)

    def forward(self, x, attn_mask=None):
        return self.forward_head(self.forward_features(x))


def _create_vision_transformer(variant, pretrained=False, **kwargs):
    for name in ("features_only", "out_indices", "pretrained_cfg", "pretrained_cfg_overlay"):
        kwargs.pop(name, None)
    model = VisionTransformer(**kwargs)
    if pretrained:
        model.load_state_dict("pretrained")
    return model


_SIZES = {"tiny": (192, 12, 3), "small": (384, 12, 6), "base": (768, 12, 12), "large": (1024, 24, 16)}


def _vit(size, patch, image, pretrained, kwargs):
    width, depth, heads = _SIZES[size]
    given = {"img_size": image, "patch_size": patch, "embed_dim": width, "depth": depth, "num_heads": heads, **kwargs}
    return _create_vision_transformer(f"vit_{size}_patch{patch}_{image}", pretrained, **given)


def vit_tiny_patch16_224(pretrained=False, **kwargs):
    return _vit("tiny", 16, 224, pretrained, kwargs)


def vit_small_patch16_224(pretrained=False, **kwargs):
    return _vit("small", 16, 224, pretrained, kwargs)


def vit_small_patch32_224(pretrained=False, **kwargs):
    return _vit("small", 32, 224, pretrained, kwargs)


def vit_base_patch16_224(pretrained=False, **kwargs):
    return _vit("base", 16, 224, pretrained, kwargs)


def vit_base_patch16_384(pretrained=False, **kwargs):
    return _vit("base", 16, 384, pretrained, kwargs)


def vit_base_patch32_224(pretrained=False, **kwargs):
    return _vit("base", 32, 224, pretrained, kwargs)


def vit_base_patch8_224(pretrained=False, **kwargs):
    return _vit("base", 8, 224, pretrained, kwargs)


def vit_large_patch16_224(pretrained=False, **kwargs):
    return _vit("large", 16, 224, pretrained, kwargs)


def vit_large_patch32_224(pretrained=False, **kwargs):
    return _vit("large", 32, 224, pretrained, kwargs)
