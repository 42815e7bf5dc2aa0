"""LightningModule: an nn.Module whose training loop is left to the Trainer, which is not run here."""

import inspect

import torch
from torch import nn


class AttributeDict(dict):
    """A dict whose items are attributes as well."""

    def __getattr__(self, key):
        if key in self:
            return self[key]
        raise AttributeError(f'Missing attribute "{key}"')

    def __setattr__(self, key, value):
        self[key] = value


class HyperparametersMixin:
    def __new__(cls, *args, **kwargs):
        made = super().__new__(cls)
        made.__dict__["_constructor_arguments"] = (args, kwargs)
        return made

    def _given(self):
        """What the constructor was called with, by the names that its __init__ has, defaults included."""
        args, kwargs = self.__dict__["_constructor_arguments"]
        result = {}
        position = 0
        for name, parameter in list(inspect.signature(type(self).__init__).parameters.items())[1:]:
            if parameter.kind == parameter.VAR_POSITIONAL:
                continue
            if parameter.kind == parameter.VAR_KEYWORD:
                result.update({k: v for k, v in kwargs.items() if k not in result})
            elif position < len(args):
                result[name] = args[position]
                position += 1
            elif name in kwargs:
                result[name] = kwargs[name]
            else:
                result[name] = parameter.default
        return result

    def save_hyperparameters(self, *args, ignore=None, frame=None, logger=True):
        """Keeps the arguments of __init__ in `hparams`."""
        if len(args) == 1 and not isinstance(args[0], str):
            given = args[0]
            given = dict(given) if isinstance(given, dict) else dict(vars(given))
        else:
            left_out = [ignore] if isinstance(ignore, str) else ignore or []
            wanted = {name: value for name, value in self._given().items() if not args or name in args}
            given = {name: value for name, value in wanted.items() if name not in left_out}
        self.__dict__["_hparams"] = AttributeDict(given)

    @property
    def hparams(self):
        if "_hparams" not in self.__dict__:
            self.__dict__["_hparams"] = AttributeDict()
        return self.__dict__["_hparams"]

    @property
    def hparams_initial(self):
        return self.hparams


class LightningModule(HyperparametersMixin, nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.trainer = None
        self.automatic_optimization = True
        self.current_epoch = 0
        self.global_step = 0
        self.example_input_array = None
        self.logger = None

    @property
    def device(self):
        return torch.device("cpu")

    @property
    def dtype(self):
        return torch.float32

    def log(self, *args, **kwargs):
        pass

    def log_dict(self, *args, **kwargs):
        pass

    def print(self, *args, **kwargs):
        pass

    def freeze(self):
        for p in self.parameters():
            p.requires_grad = False
        self.eval()

    def unfreeze(self):
        for p in self.parameters():
            p.requires_grad = True
        self.train()

    def optimizers(self, *args, **kwargs):
        return []

    def manual_backward(self, *args, **kwargs):
        pass

    def configure_optimizers(self):
        return None

    @classmethod
    def load_from_checkpoint(cls, checkpoint_path, map_location=None, hparams_file=None, strict=None, **kwargs):
        model = cls(**kwargs)
        model.load_state_dict("checkpoint")
        return model


class LightningDataModule(HyperparametersMixin):
    def __init__(self, *args, **kwargs):
        self.trainer = None

    def prepare_data(self):
        pass

    def setup(self, stage=None):
        pass


def seed_everything(seed=None, workers=False, verbose=True):
    return seed
