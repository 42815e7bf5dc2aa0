"""PreTrainedModel: `post_init` hands every module, children first, to `_init_weights` once, and ties the embeddings."""

import torch
from torch import nn


class ModuleUtilsMixin:
    @property
    def device(self):
        return torch.device("cpu")

    @property
    def dtype(self):
        return torch.float32

    def get_head_mask(self, head_mask, num_hidden_layers, is_attention_chunked=False):
        return [None] * num_hidden_layers if head_mask is None else head_mask

    def invert_attention_mask(self, encoder_attention_mask):
        mask = encoder_attention_mask
        mask = mask[:, None, :, :] if mask.dim() == 3 else mask[:, None, None, :]
        return (1.0 - mask.to(dtype=torch.float32)) * torch.finfo(torch.float32).min

    def get_extended_attention_mask(self, attention_mask, input_shape, device=None, dtype=None):
        mask = attention_mask
        mask = mask[:, None, :, :] if mask.dim() == 3 else mask[:, None, None, :]
        return (1.0 - mask.to(dtype=torch.float32)) * torch.finfo(torch.float32).min

    def num_parameters(self, only_trainable=False, exclude_embeddings=False):
        return sum(p.numel() for p in self.parameters())

    def warn_if_padding_and_no_attention_mask(self, input_ids, attention_mask):
        pass


class PreTrainedModel(nn.Module, ModuleUtilsMixin):
    config_class = None
    base_model_prefix = ""
    main_input_name = "input_ids"
    supports_gradient_checkpointing = False
    is_gradient_checkpointing = False
    _no_split_modules = None
    _tied_weights_keys = None
    _keys_to_ignore_on_load_missing = None
    _keys_to_ignore_on_load_unexpected = None

    def __init__(self, config, *inputs, **kwargs):
        super().__init__()
        self.config = config
        self.name_or_path = getattr(config, "name_or_path", "")
        self.warnings_issued = {}
        self.generation_config = None

    def post_init(self):
        self.init_weights()

    def init_weights(self):
        self.apply(self._initialize_weights)
        self.tie_weights()

    def initialize_weights(self):
        self.apply(self._initialize_weights)

    def _initialize_weights(self, module, *args):
        if getattr(module, "_is_hf_initialized", False):
            return
        self._init_weights(module)
        module._is_hf_initialized = True

    def _init_weights(self, module):
        """The library's default; models override it."""
        config = self.config
        std = getattr(config, "initializer_range", None) or getattr(config, "init_std", None) or 0.02
        name = module.__class__.__name__
        if isinstance(module, (nn.Linear, nn.modules.conv._ConvNd)):
            module.weight.data.normal_(mean=0.0, std=std)
            if module.bias is not None:
                module.bias.data.zero_()
        elif isinstance(module, nn.Embedding):
            module.weight.data.normal_(mean=0.0, std=std)
            if module.padding_idx is not None:
                module.weight.data[module.padding_idx].zero_()
        elif isinstance(module, nn.MultiheadAttention):
            module._reset_parameters()
        elif (
            isinstance(module, (nn.GroupNorm, nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d))
            or "LayerNorm" in name
            or "RMSNorm" in name
        ):
            if getattr(module, "weight", None) is not None:
                module.weight.data.fill_(1.0)
            if getattr(module, "bias", None) is not None:
                module.bias.data.zero_()

    @property
    def base_model(self):
        return getattr(self, self.base_model_prefix, self)

    def get_input_embeddings(self):
        base = getattr(self, self.base_model_prefix, self)
        if base is not self:
            return base.get_input_embeddings()
        for name in ("embed_tokens", "wte", "word_embeddings"):
            if name in self._modules:
                return self._modules[name]
        raise NotImplementedError

    def set_input_embeddings(self, value):
        base = getattr(self, self.base_model_prefix, self)
        if base is not self:
            base.set_input_embeddings(value)

    def get_output_embeddings(self):
        return None

    def set_output_embeddings(self, value):
        pass

    def tie_weights(self, *args, **kwargs):
        if getattr(self.config, "tie_word_embeddings", True):
            output = self.get_output_embeddings()
            if output is not None:
                self._tie_or_clone_weights(output, self.get_input_embeddings())
        for module in self.modules():
            if hasattr(module, "_tie_weights"):
                module._tie_weights()

    def _tie_or_clone_weights(self, output_embeddings, input_embeddings):
        output_embeddings.weight = input_embeddings.weight

    def resize_token_embeddings(self, new_num_tokens=None, *args, **kwargs):
        return self.get_input_embeddings()

    def prune_heads(self, heads_to_prune):
        pass

    def gradient_checkpointing_enable(self, *args, **kwargs):
        pass

    def gradient_checkpointing_disable(self):
        pass

    def enable_input_require_grads(self):
        pass

    def save_pretrained(self, *args, **kwargs):
        pass

    @classmethod
    def _from_config(cls, config, **kwargs):
        return cls(config)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *model_args, config=None, **kwargs):
        """What the constructor draws; the weights that would replace it are not read."""
        if config is None:
            config = cls.config_class.from_pretrained(pretrained_model_name_or_path)
        model = cls(config, *model_args)
        model.load_state_dict("pretrained")
        return model
