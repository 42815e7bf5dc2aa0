"""torch.distributions, as far as models sample from them or ask for log-probabilities."""

import math

import torch
import torch.nn.functional as F


class Distribution:
    has_rsample = False

    def __init__(self, batch_shape=(), event_shape=(), validate_args=None):
        self.batch_shape = torch.Size(batch_shape)
        self.event_shape = torch.Size(event_shape)

    def sample(self, sample_shape=()):
        return self.rsample(sample_shape)._sampled()

    def rsample(self, sample_shape=()):
        raise NotImplementedError

    def log_prob(self, value):
        raise NotImplementedError

    @property
    def stddev(self):
        return self.variance.sqrt()

    @staticmethod
    def set_default_validate_args(value):
        pass


def _tensor(x):
    return x if isinstance(x, torch.Tensor) else torch.tensor(float(x))


class Normal(Distribution):
    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc = _tensor(loc)
        self.scale = _tensor(scale)
        super().__init__((self.loc + self.scale).shape)

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @property
    def stddev(self):
        return self.scale

    @property
    def variance(self):
        return self.scale.pow(2)

    def rsample(self, sample_shape=()):
        noise = torch.randn((*sample_shape, *self.batch_shape))
        return self.loc + noise * self.scale

    def log_prob(self, value):
        return -((value - self.loc) ** 2) / (2 * self.variance) - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + torch.log(self.scale)

    def cdf(self, value):
        return 0.5 * (1 + torch.erf((value - self.loc) / (self.scale * math.sqrt(2))))


class LogNormal(Normal):
    def rsample(self, sample_shape=()):
        return super().rsample(sample_shape).exp()


class Independent(Distribution):
    def __init__(self, base_distribution, reinterpreted_batch_ndims, validate_args=None):
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        shape = base_distribution.batch_shape
        cut = len(shape) - reinterpreted_batch_ndims
        super().__init__(shape[:cut], shape[cut:])

    @property
    def mean(self):
        return self.base_dist.mean

    @property
    def mode(self):
        return self.base_dist.mode

    @property
    def stddev(self):
        return self.base_dist.stddev

    @property
    def variance(self):
        return self.base_dist.variance

    def rsample(self, sample_shape=()):
        return self.base_dist.rsample(sample_shape)

    def sample(self, sample_shape=()):
        return self.base_dist.sample(sample_shape)

    def log_prob(self, value):
        return self._summed(self.base_dist.log_prob(value))

    def entropy(self):
        return self._summed(self.base_dist.entropy())

    def _summed(self, x):
        axes = list(range(-self.reinterpreted_batch_ndims, 0))
        return x.sum(axes) if axes else x


class MultivariateNormal(Distribution):
    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        self.loc = loc
        self.covariance_matrix = covariance_matrix
        self.scale_tril = torch.linalg.cholesky(covariance_matrix) if scale_tril is None else scale_tril
        super().__init__(loc.shape[:-1], loc.shape[-1:])

    @property
    def mean(self):
        return self.loc

    def rsample(self, sample_shape=()):
        noise = torch.randn((*sample_shape, *self.loc.shape))
        return self.loc + (self.scale_tril @ noise.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value):
        return -0.5 * ((value - self.loc) ** 2).sum(-1)


class Categorical(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        given = logits if probs is None else probs
        self._logits = logits
        self._probs = probs
        self._num_events = given.size(-1)
        super().__init__(given.shape[:-1])

    @property
    def logits(self):
        if self._logits is not None:
            return F.log_softmax(self._logits, dim=-1)
        return self.probs.log()

    @property
    def probs(self):
        if self._probs is not None:
            return self._probs / self._probs.sum(-1, keepdim=True)
        return F.softmax(self._logits, dim=-1)

    @property
    def mode(self):
        return self.probs.argmax(dim=-1)

    def sample(self, sample_shape=()):
        return torch.randint(0, self._num_events, (*sample_shape, *self.batch_shape))

    def log_prob(self, value):
        return self.logits.gather(-1, value.long().unsqueeze(-1)).squeeze(-1)

    def entropy(self):
        return -(self.logits * self.probs).sum(-1)


class OneHotCategorical(Categorical):
    def sample(self, sample_shape=()):
        return F.one_hot(super().sample(sample_shape), self._num_events).float()


class Bernoulli(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self.probs = torch.sigmoid(logits) if probs is None else _tensor(probs)
        self.logits = logits
        super().__init__(self.probs.shape)

    @property
    def mean(self):
        return self.probs

    @property
    def variance(self):
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape=()):
        return (torch.rand((*sample_shape, *self.batch_shape)) < self.probs).float()

    def log_prob(self, value):
        return -F.binary_cross_entropy(self.probs, value, reduction="none")

    def entropy(self):
        return -(self.probs * self.probs.log() + (1 - self.probs) * (1 - self.probs).log())


class Uniform(Distribution):
    has_rsample = True

    def __init__(self, low, high, validate_args=None):
        self.low = _tensor(low)
        self.high = _tensor(high)
        super().__init__((self.low + self.high).shape)

    @property
    def mean(self):
        return (self.low + self.high) / 2

    def rsample(self, sample_shape=()):
        return self.low + torch.rand((*sample_shape, *self.batch_shape)) * (self.high - self.low)

    def log_prob(self, value):
        return -torch.log(self.high - self.low) + 0 * value


class TransformedDistribution(Distribution):
    def __init__(self, base_distribution, transforms, validate_args=None):
        self.base_dist = base_distribution
        self.transforms = transforms if isinstance(transforms, list) else [transforms]
        super().__init__(base_distribution.batch_shape)

    def rsample(self, sample_shape=()):
        x = self.base_dist.rsample(sample_shape)
        for transform in self.transforms:
            x = transform(x)
        return x


class TanhTransform:
    def __init__(self, cache_size=0):
        pass

    def __call__(self, x):
        return torch.tanh(x)


class AffineTransform:
    def __init__(self, loc, scale, event_dim=0, cache_size=0):
        self.loc = loc
        self.scale = scale

    def __call__(self, x):
        return self.loc + self.scale * x


def kl_divergence(p, q):
    if isinstance(p, Independent):
        return p._summed(kl_divergence(p.base_dist, q.base_dist))
    if isinstance(p, Normal):
        ratio = (p.scale / q.scale).pow(2)
        return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())
    return (p.probs * (p.logits - q.logits)).sum(-1)
