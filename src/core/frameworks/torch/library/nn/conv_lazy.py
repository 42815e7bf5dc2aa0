"""Lazy convolutions: in_channels is read off the first input."""

from torch.nn import UninitializedParameter
from torch.nn.modules.conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d

_BECOMES = {}


def _infer_conv(module, args):
    module._infer_hook.remove()
    input = args[0]
    channels = input.shape[-1 - len(module.kernel_size)]
    module.in_channels = channels
    if channels % module.groups != 0:
        raise ValueError("in_channels must be divisible by groups")
    if module.transposed:
        shape = (channels, module.out_channels // module.groups, *module.kernel_size)
    else:
        shape = (module.out_channels, channels // module.groups, *module.kernel_size)
    module.weight.materialize(shape)
    if module.bias is not None:
        module.bias.materialize((module.out_channels,))
    module.__class__ = _BECOMES.get(module.__class__, module.__class__)
    module.reset_parameters()


class _LazyConvXdMixin:
    def _make_lazy(self, out_channels, bias):
        self.out_channels = out_channels
        self.weight = UninitializedParameter()
        if bias:
            self.bias = UninitializedParameter()
        self._infer_hook = self.register_forward_pre_hook(_infer_conv)

    def reset_parameters(self):
        if self.in_channels != 0:
            super().reset_parameters()

    def has_uninitialized_params(self):
        return self.in_channels == 0

    def initialize_parameters(self, input, *args, **kwargs):
        _infer_conv(self, (input,))


class LazyConv1d(_LazyConvXdMixin, Conv1d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._make_lazy(out_channels, bias)


class LazyConv2d(_LazyConvXdMixin, Conv2d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._make_lazy(out_channels, bias)


class LazyConv3d(_LazyConvXdMixin, Conv3d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode)
        self._make_lazy(out_channels, bias)


class LazyConvTranspose1d(_LazyConvXdMixin, ConvTranspose1d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._make_lazy(out_channels, bias)


class LazyConvTranspose2d(_LazyConvXdMixin, ConvTranspose2d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._make_lazy(out_channels, bias)


class LazyConvTranspose3d(_LazyConvXdMixin, ConvTranspose3d):
    def __init__(
        self,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode)
        self._make_lazy(out_channels, bias)


_BECOMES.update(
    {
        LazyConv1d: Conv1d,
        LazyConv2d: Conv2d,
        LazyConv3d: Conv3d,
        LazyConvTranspose1d: ConvTranspose1d,
        LazyConvTranspose2d: ConvTranspose2d,
        LazyConvTranspose3d: ConvTranspose3d,
    }
)
