"""Process groups of model parallelism, with one process."""


def get_model_parallel_world_size():
    return 1


def get_model_parallel_rank():
    return 0


def get_data_parallel_world_size():
    return 1


def get_data_parallel_rank():
    return 0


def get_tensor_model_parallel_world_size():
    return 1


def get_tensor_model_parallel_rank():
    return 0


def get_pipeline_model_parallel_world_size():
    return 1


def get_pipeline_model_parallel_rank():
    return 0


def get_model_parallel_group():
    return None


def get_data_parallel_group():
    return None


def get_model_parallel_src_rank():
    return 0


def model_parallel_is_initialized():
    return True


def initialize_model_parallel(*args, **kwargs):
    return None


def destroy_model_parallel():
    return None


def copy_to_model_parallel_region(input_):
    return input_


def gather_from_model_parallel_region(input_):
    return input_


def reduce_from_model_parallel_region(input_):
    return input_


def scatter_to_model_parallel_region(input_):
    return input_


def model_parallel_cuda_manual_seed(seed):
    return None


def ensure_divisibility(numerator, denominator):
    if numerator % denominator != 0:
        raise AssertionError(f"{numerator} is not divisible by {denominator}")


def divide(numerator, denominator):
    ensure_divisibility(numerator, denominator)
    return numerator // denominator


def divide_and_check_no_remainder(numerator, denominator):
    return divide(numerator, denominator)
