"""Models by name, and decorators that register them."""


def register_model(fn):
    return fn


def register_notrace_module(module):
    return module


def register_notrace_function(fn):
    return fn


def generate_default_cfgs(cfgs):
    return cfgs


def create_model(model_name, pretrained=False, pretrained_cfg=None, checkpoint_path="", **kwargs):
    import timm.models

    name = model_name.split(".")[0].replace("hf_hub:", "").replace("timm/", "")
    given = {
        k: v
        for k, v in kwargs.items()
        if v is not None and k not in ("scriptable", "exportable", "no_jit", "cache_dir")
    }
    build = getattr(timm.models, name)
    return build(pretrained=pretrained, **given)


def build_model_with_cfg(model_cls, variant, pretrained, *args, **kwargs):
    for name in (
        "model_cfg",
        "feature_cfg",
        "pretrained_cfg",
        "pretrained_cfg_overlay",
        "pretrained_strict",
        "pretrained_filter_fn",
        "kwargs_filter",
        "features_only",
        "out_indices",
    ):
        kwargs.pop(name, None)
    model = model_cls(**kwargs)
    if pretrained:
        model.load_state_dict("pretrained")
    return model
