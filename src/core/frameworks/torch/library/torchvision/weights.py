"""Stand-ins for pretrained weights: they are only noted, since what they hold isn't part of the source."""


class Weights:
    """One set: `ResNet50_Weights.IMAGENET1K_V2`."""

    def __init__(self, name):
        self.name = name
        self.value = name
        self.url = name
        self.meta = {"categories": [f"class {i}" for i in range(1000)]}

    def transforms(self, *args, **kwargs):
        return lambda image: image

    def get_state_dict(self, *args, **kwargs):
        return self.name

    def verify(self, obj):
        return obj


class WeightsEnum:
    """All sets of one model."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return Weights(f"{self._name}.{name}")

    def __getitem__(self, name):
        return Weights(f"{self._name}.{name}")


def finish(model, weights, pretrained=None):
    """`weights` or `pretrained` would replace what the constructor drew."""
    if weights or pretrained:
        model.load_state_dict("pretrained")
    return model
