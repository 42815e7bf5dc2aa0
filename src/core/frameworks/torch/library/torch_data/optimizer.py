"""The base class of optimizers, for user code that extends it: initialization never depends on it."""


class Optimizer:
    """Parameter groups with their options."""

    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = {}
        self.param_groups = [dict(defaults, params=list(params))]

    def zero_grad(self, set_to_none=True):
        return None

    def step(self, closure=None):
        return None

    def add_param_group(self, param_group):
        self.param_groups.append(dict(self.defaults, **param_group))

    def state_dict(self):
        return {"state": self.state, "param_groups": self.param_groups}

    def load_state_dict(self, state_dict):
        return None
