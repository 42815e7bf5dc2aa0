"""transformers.utils: a silent logger, what is installed, and decorators that only touch docstrings."""


class _Logger:
    """Every method does nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


class _Logging:
    """Stands in for the module transformers.utils.logging."""

    def get_logger(self, name=None):
        return _Logger()

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


logging = _Logging()


def get_logger(name=None):
    return _Logger()


def _decorator(*args, **kwargs):
    """With or without arguments it gives back what it decorates."""
    if len(args) == 1 and not kwargs and callable(args[0]):
        return args[0]
    return lambda decorated: decorated


add_start_docstrings = _decorator
add_start_docstrings_to_model_forward = _decorator
add_end_docstrings = _decorator
add_code_sample_docstrings = _decorator
replace_return_docstrings = _decorator
auto_docstring = _decorator
can_return_tuple = _decorator
check_model_inputs = _decorator
deprecate_kwarg = _decorator
requires_backends = _decorator
torch_int = int
torch_float = float


def is_torch_available(*args):
    return True


def _absent(*args, **kwargs):
    return False


is_flash_attn_2_available = _absent
is_flash_attn_greater_or_equal_2_10 = _absent
is_flash_attn_greater_or_equal = _absent
is_torch_flex_attn_available = _absent
is_torch_fx_proxy = _absent
is_torch_fx_available = _absent
is_torchdynamo_compiling = _absent
is_torch_xla_available = _absent
is_torch_npu_available = _absent
is_tf_available = _absent
is_flax_available = _absent
is_apex_available = _absent
is_accelerate_available = _absent
is_ninja_available = _absent
is_scipy_available = _absent
is_vision_available = _absent
is_peft_available = _absent
is_sentencepiece_available = _absent
is_tokenizers_available = _absent
is_torch_cuda_available = _absent
is_xformers_available = _absent
is_bitsandbytes_available = _absent
is_causal_conv1d_available = _absent
is_mamba_ssm_available = _absent
CONFIG_NAME = "config.json"
WEIGHTS_NAME = "pytorch_model.bin"
