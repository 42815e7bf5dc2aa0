"""torchvision.models._utils and the registry of models."""

from collections import OrderedDict

from torch import nn


def _make_divisible(v, divisor, min_value=None):
    """Rounds to a multiple, but never down by more than a tenth."""
    if min_value is None:
        min_value = divisor
    rounded = max(min_value, int(v + divisor / 2) // divisor * divisor)
    if rounded < 0.9 * v:
        rounded += divisor
    return rounded


class IntermediateLayerGetter(nn.ModuleDict):
    """The children of a model up to the last one asked for; forward returns their outputs under new names."""

    def __init__(self, model, return_layers):
        missing = set(return_layers) - {name for name, _ in model.named_children()}
        if missing:
            raise ValueError("return_layers are not present in model")
        layers = OrderedDict()
        left = {str(k) for k in return_layers}
        for name, module in model.named_children():
            layers[name] = module
            left.discard(name)
            if not left:
                break
        super().__init__(layers)
        self.return_layers = {str(k): str(v) for k, v in return_layers.items()}

    def forward(self, x):
        out = OrderedDict()
        for name, module in self.items():
            x = module(x)
            if name in self.return_layers:
                out[self.return_layers[name]] = x
        return out


def get_model(name, **config):
    import torchvision.models

    return getattr(torchvision.models, name.lower())(**config)
