"""The base class of optimizers, for user code that extends it: initialization never depends on it."""


class Optimizer:
    """Parameter groups with their options."""

    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = {}
        self.param_groups = [dict(defaults, params=list(params))]

    def zero_grad(self, set_to_none=True):
        return None
