"""Schedules of learning rates, for user code that extends them: initialization never depends on them."""


class LRScheduler:
    """Steps that change nothing here."""

    def __init__(self, optimizer, last_epoch=-1, *args, **kwargs):
        self.optimizer = optimizer
        self.last_epoch = last_epoch

    def step(self, epoch=None):
        return None

    def state_dict(self):
        return {"last_epoch": self.last_epoch}

    def load_state_dict(self, state_dict):
        return None


_LRScheduler = LRScheduler


class LambdaLR(LRScheduler):
    """A factor by epoch."""

    def __init__(self, optimizer, lr_lambda, last_epoch=-1, *args, **kwargs):
        self.optimizer = optimizer
        self.lr_lambdas = list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else [lr_lambda]
        self.last_epoch = last_epoch
