"""
What torchvision, timm, einops and transformers build: writes libraries.json beside this file, in the form of layers.json.

    python test/parity/libraries.py       # needs torch 2.13, torchvision, timm, einops, transformers
"""

from pathlib import Path

from layers import floats, ints, measure_all

image = floats(2, 3, 64, 64)

TORCHVISION = [
    ("ops.MLP(10, [20, 5])", floats(3, 10)),
    ("ops.MLP(10, [20, 5], norm_layer=nn.LayerNorm, activation_layer=nn.GELU, dropout=0.1, bias=False)", floats(3, 10)),
    ("ops.Conv2dNormActivation(3, 8)", floats(2, 3, 9, 9)),
    (
        "ops.Conv2dNormActivation(4, 8, kernel_size=5, stride=2, groups=2, norm_layer=None, activation_layer=nn.GELU, inplace=None)",
        floats(2, 4, 9, 9),
    ),
    ("ops.Conv2dNormActivation(3, 8, kernel_size=(3, 5), dilation=2)", floats(2, 3, 19, 19)),
    ("ops.Conv3dNormActivation(2, 4)", floats(2, 2, 5, 5, 5)),
    ("ops.misc.ConvNormActivation(3, 8, activation_layer=None)", floats(2, 3, 9, 9)),
    ("ops.SqueezeExcitation(16, 4)", floats(2, 16, 5, 5)),
    ("ops.StochasticDepth(0.2, 'row')", floats(4, 3, 2)),
    ("ops.Permute([0, 2, 1])", floats(4, 3, 2)),
    ("ops.FrozenBatchNorm2d(6)", floats(2, 6, 4, 4)),
    ("ops.DropBlock2d(0.1, 3)", floats(2, 6, 8, 8)),
    ("ops.FeaturePyramidNetwork([10, 20, 30], 5)", None),
    ("ops.DeformConv2d(4, 6, 3, groups=2)", None),
    ("models.resnet18()", image),
    ("models.resnet34(num_classes=10, zero_init_residual=True)", image),
    ("models.resnet50(weights=None, norm_layer=lambda c: nn.GroupNorm(8, c))", image),
    ("models.resnet50(replace_stride_with_dilation=[False, True, True])", image),
    ("models.resnet.ResNet(models.resnet.Bottleneck, [1, 1, 1, 1], num_classes=7)", image),
    ("models.resnext50_32x4d()", image),
    ("models.wide_resnet50_2()", image),
    ("models.resnet152()", None),
    ("models.vgg11(num_classes=5)", image),
    ("models.vgg16_bn(init_weights=False)", None),
    ("models.alexnet(num_classes=12)", floats(2, 3, 96, 96)),
    ("models.squeezenet1_0()", image),
    ("models.squeezenet1_1(num_classes=4)", image),
    ("models.densenet121()", image),
    ("models.mobilenet_v2()", image),
    ("models.mobilenet_v2(width_mult=0.5, num_classes=3)", image),
    ("models.mobilenet_v3_small()", image),
    ("models.mobilenet_v3_large(num_classes=6)", image),
    ("models.efficientnet_b0()", image),
    ("models.efficientnet_b5(num_classes=3)", None),
    ("models.efficientnet_v2_s()", image),
    ("models.vit_b_32(image_size=64)", image),
    ("models.convnext_tiny()", image),
    ("models.googlenet(init_weights=True)", image),
    ("models.googlenet(aux_logits=False, init_weights=False)", image),
    ("models.inception_v3(init_weights=True)", floats(2, 3, 299, 299)),
    ("models.shufflenet_v2_x1_0()", image),
    ("models._utils.IntermediateLayerGetter(models.resnet18(), {'layer1': 'low', 'layer3': 'high'})", None),
    ("models.get_model('resnet18', num_classes=3)", image),
]

EINOPS = [
    (f"Rearrange({pattern})", floats(*shape))
    for pattern, shape in (
        ("'b c h w -> b (c h w)'", (2, 3, 4, 5)),
        ("'b c (h p1) (w p2) -> b (h w) (p1 p2 c)', p1=2, p2=3", (2, 3, 4, 6)),
        ("'b n (h d) -> b h n d', h=4", (2, 5, 12)),
        ("'b h n d -> b n (h d)'", (2, 4, 5, 3)),
        ("'b ... d -> b d ...'", (2, 4, 5, 3)),
        ("'... h w -> ... (h w)'", (2, 4, 5, 3)),
        ("'b c -> b c 1 1'", (2, 4)),
        ("'b 1 h w -> b h w ()'", (2, 1, 5, 3)),
        ("'(b t) c -> b t c', t=3", (6, 4)),
        ("'... (three d) -> three ... d', three=3", (2, 5, 12)),
        ("'b ... -> b (...)'", (2, 4, 5, 3)),
    )
] + [
    ("Reduce('b c h w -> b c', 'mean')", floats(2, 3, 4, 5)),
    ("Reduce('b c (h 2) (w 2) -> b c h w', 'max')", floats(2, 3, 4, 6)),
    ("Reduce('b ... c -> b c', 'sum')", floats(2, 3, 4, 6)),
    ("Function(lambda x: repeat(x, 'b c -> b c h w', h=2, w=3))", floats(2, 3)),
    ("Function(lambda x: repeat(x, '1 n d -> b n d', b=4))", floats(1, 5, 3)),
    ("Function(lambda x: repeat(x, '() n d -> b (r n) d', b=4, r=2))", floats(1, 5, 3)),
    ("Function(lambda x: repeat(x, 'b h -> b (h 2)'))", floats(2, 5)),
    ("Function(lambda x: rearrange([x, x, x], 'k b c -> b (k c)'))", floats(2, 5)),
    ("Function(lambda x: einsum(x, x, 'batch i d, batch j d -> batch i j'))", floats(2, 5, 3)),
    ("Function(lambda x: pack([x, x[:, 0]], 'b * d')[0])", floats(2, 5, 3)),
    ("Function(lambda x: unpack(*pack([x, x[:, 0], x[:, None]], 'b * d'), 'b * d'))", floats(2, 5, 3)),
    ("EinMix('b t c -> b t d', weight_shape='c d', bias_shape='d', c=20, d=30)", floats(2, 5, 20)),
    ("EinMix('b (h c) t -> b (h d) t', weight_shape='h c d', h=2, c=10, d=15)", floats(2, 20, 5)),
]

TIMM = [
    ("timm.layers.Mlp(12, 30)", floats(2, 5, 12)),
    ("timm.layers.Mlp(12, 30, 7, act_layer=nn.ReLU, norm_layer=nn.LayerNorm, bias=False, drop=0.1)", floats(2, 5, 12)),
    ("timm.layers.Mlp(12, use_conv=True)", floats(2, 12, 5, 5)),
    ("timm.layers.GluMlp(12, 30)", floats(2, 5, 12)),
    ("timm.layers.SwiGLUPacked(12, 30)", floats(2, 5, 12)),
    ("timm.layers.SwiGLU(12, 30, bias=False)", floats(2, 5, 12)),
    ("timm.layers.GatedMlp(12, 30)", floats(2, 5, 12)),
    ("timm.layers.ConvMlp(12, 30, norm_layer=nn.BatchNorm2d)", floats(2, 12, 5, 5)),
    ("timm.layers.GlobalResponseNormMlp(12, 30)", floats(2, 5, 5, 12)),
    ("timm.layers.PatchEmbed(img_size=32, patch_size=8, embed_dim=24)", floats(2, 3, 32, 32)),
    ("timm.layers.PatchEmbed((32, 16), (8, 4), 1, 24, norm_layer=nn.LayerNorm, flatten=False, bias=False)", None),
    ("timm.layers.DropPath(0.2)", floats(4, 3, 5)),
    ("timm.layers.LayerNorm2d(6)", floats(2, 6, 4, 4)),
    ("timm.layers.LayerScale(6, init_values=0.1)", floats(2, 5, 6)),
    ("timm.layers.LayerScale2d(6)", floats(2, 6, 5, 5)),
    ("timm.layers.GroupNorm(16, num_groups=4)", floats(2, 16, 5)),
    ("timm.layers.RmsNorm(6)", floats(2, 5, 6)),
    ("timm.layers.create_act_layer('gelu')", floats(4, 5)),
    ("timm.layers.create_act_layer('hard_swish', inplace=True)", floats(4, 5)),
    ("timm.layers.get_act_layer('silu')(inplace=True)", floats(4, 5)),
    ("timm.layers.get_norm_layer('layernorm2d')(5)", floats(2, 5, 3, 3)),
    ("timm.layers.create_conv2d(6, 8, 3, stride=2)", floats(2, 6, 9, 9)),
    ("timm.layers.create_conv2d(6, 6, 5, stride=2, padding='same', depthwise=True)", floats(2, 6, 9, 8)),
    ("timm.layers.create_conv2d(7, 9, [3, 5], depthwise=False)", floats(2, 7, 9, 9)),
    ("timm.layers.ConvNormAct(3, 8, 3, stride=2, act_layer=nn.SiLU)", floats(2, 3, 9, 9)),
    (
        "timm.layers.ConvNormAct(3, 8, 3, norm_layer='groupnorm', apply_act=False, norm_kwargs=dict(num_groups=2))",
        floats(2, 3, 9, 9),
    ),
    ("timm.layers.BatchNormAct2d(8)", floats(2, 8, 9, 9)),
    ("timm.layers.SqueezeExcite(32, rd_ratio=0.25)", floats(2, 32, 5, 5)),
    ("timm.layers.EffectiveSqueezeExcite(16)", floats(2, 16, 5, 5)),
    ("timm.layers.EcaModule(64)", floats(2, 64, 5, 5)),
    ("timm.layers.AvgPool2dSame(3, 2)", floats(2, 4, 9, 8)),
    ("timm.layers.SelectAdaptivePool2d(pool_type='catavgmax', flatten=True)", floats(2, 4, 9, 8)),
    ("timm.layers.ClassifierHead(16, 5, pool_type='avg', drop_rate=0.1)", floats(2, 16, 4, 4)),
    ("timm.layers.NormMlpClassifierHead(16, 5, hidden_size=8)", floats(2, 16, 4, 4)),
    ("timm.layers.StdConv2d(6, 8, 3)", floats(2, 6, 9, 9)),
    ("timm.layers.ScaledStdConv2d(6, 8, 3)", floats(2, 6, 9, 9)),
    (
        "timm.models.vision_transformer.Attention(24, 4, qkv_bias=True, qk_norm=True, norm_layer=nn.LayerNorm)",
        floats(2, 5, 24),
    ),
    ("timm.models.vision_transformer.Block(24, 4, init_values=1e-4, drop_path=0.1)", floats(2, 5, 24)),
    (
        "timm.models.vision_transformer.VisionTransformer(img_size=32, patch_size=8, embed_dim=24, depth=2, num_heads=4)",
        floats(2, 3, 32, 32),
    ),
    (
        "timm.models.vision_transformer.VisionTransformer(img_size=32, patch_size=8, embed_dim=24, depth=2, num_heads=4, global_pool='avg', class_token=False, num_classes=0, drop_path_rate=0.1)",
        floats(2, 3, 32, 32),
    ),
    ("timm.create_model('vit_tiny_patch16_224', num_classes=10)", floats(1, 3, 224, 224)),
    ("timm.create_model('resnet18', pretrained=False, num_classes=10, in_chans=1)", floats(2, 1, 64, 64)),
    ("timm.create_model('resnet50')", floats(2, 3, 64, 64)),
    ("Initialized(timm.layers.trunc_normal_, 40, 50, std=0.02)", None),
    ("Initialized(timm.layers.trunc_normal_tf_, 40, 50, std=0.5)", None),
    ("Initialized(timm.layers.lecun_normal_, 40, 50)", None),
    ("Initialized(timm.layers.variance_scaling_, 40, 50, scale=2.0, mode='fan_avg', distribution='uniform')", None),
]

SETUP = """import torch
from torch import nn
from torchvision import models, ops
from einops import einsum, pack, rearrange, repeat, unpack
from einops.layers.torch import EinMix, Rearrange, Reduce
import timm
import timm.layers
import timm.models.vision_transformer

class Initialized(nn.Module):
    def __init__(self, init, *shape, **options):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(shape))
        init(self.weight, **options)

class Function(nn.Module):
    def __init__(self, call):
        super().__init__()
        self.call = call

    def forward(self, *inputs):
        return self.call(*inputs)
"""

CASES = TORCHVISION + EINOPS + TIMM

if __name__ == "__main__":
    measure_all(CASES, SETUP, Path(__file__).with_name("libraries.json"))
