"""PretrainedConfig: what it is not told has the library's defaults; anything else given by name becomes an attribute."""

import copy

_DEFAULTS = {
    "return_dict": True,
    "output_hidden_states": False,
    "output_attentions": False,
    "torchscript": False,
    "torch_dtype": None,
    "dtype": None,
    "use_bfloat16": False,
    "tf_legacy_loss": False,
    "pruned_heads": {},
    "tie_word_embeddings": True,
    "chunk_size_feed_forward": 0,
    "is_encoder_decoder": False,
    "is_decoder": False,
    "cross_attention_hidden_size": None,
    "add_cross_attention": False,
    "tie_encoder_decoder": False,
    "architectures": None,
    "finetuning_task": None,
    "tokenizer_class": None,
    "prefix": None,
    "bos_token_id": None,
    "pad_token_id": None,
    "eos_token_id": None,
    "sep_token_id": None,
    "decoder_start_token_id": None,
    "task_specific_params": None,
    "problem_type": None,
}


class PretrainedConfig:
    model_type = ""
    base_config_key = ""
    sub_configs = {}
    is_composition = False
    attribute_map = {}
    base_model_tp_plan = None
    _auto_class = None

    def __init__(self, **kwargs):
        for key, value in _DEFAULTS.items():
            setattr(self, key, kwargs.pop(key, dict(value) if isinstance(value, dict) else value))
        id2label = kwargs.pop("id2label", None)
        label2id = kwargs.pop("label2id", None)
        count = kwargs.pop("num_labels", 2)
        if id2label is None:
            self.num_labels = count
        else:
            self.id2label = {int(key): value for key, value in id2label.items()}
            self.label2id = label2id
        self._name_or_path = str(kwargs.pop("name_or_path", ""))
        self._attn_implementation = kwargs.pop("attn_implementation", "sdpa")
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __setattr__(self, key, value):
        super().__setattr__(self.__class__.attribute_map.get(key, key), value)

    def __getattr__(self, key):
        other = type(self).attribute_map.get(key)
        if other is None or other == key:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'")
        return getattr(self, other)

    @property
    def use_return_dict(self):
        return self.return_dict and not self.torchscript

    @property
    def name_or_path(self):
        return self._name_or_path

    @property
    def num_labels(self):
        return len(self.id2label)

    @num_labels.setter
    def num_labels(self, num_labels):
        self.id2label = {i: f"LABEL_{i}" for i in range(num_labels)}
        self.label2id = {f"LABEL_{i}": i for i in range(num_labels)}

    def get_text_config(self, decoder=False):
        return getattr(self, "text_config", self)

    def to_dict(self):
        return {**copy.deepcopy(self.__dict__), "model_type": self.__class__.model_type}

    def to_diff_dict(self):
        return self.to_dict()

    def update(self, config_dict):
        for key, value in config_dict.items():
            setattr(self, key, value)

    def save_pretrained(self, *args, **kwargs):
        pass

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        return cls(**{**config_dict, **kwargs})

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **kwargs):
        """The file isn't read: the class's own defaults stand in for it."""
        return cls(**kwargs)

    @classmethod
    def register_for_auto_class(cls, auto_class="AutoConfig"):
        pass


PreTrainedConfig = PretrainedConfig
