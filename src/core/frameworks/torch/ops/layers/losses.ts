import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, sameSize, shapeText, symbol, type Shape, type Sizes } from '../kit/sizes.js';
import { flag, numberOf, tensorsIn } from '../kit/values.js';
import { activate } from '../pointwise/activations.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { power } from '../pointwise/unary.js';
import { reduceAxes } from '../reduce/reduce.js';

function checkReduction(rt: Runtime, reduction: Value): void {
  if (typeof reduction === 'string' && !['none', 'mean', 'sum', 'batchmean'].includes(reduction))
    rt.raise('ValueError', `${reduction} is not a valid value for reduction`);
}

/** Mean or sum over everything, or nothing. */
function reduced(rt: Runtime, t: Tensor, reduction: Value): Tensor {
  checkReduction(rt, reduction);
  if (reduction === 'none') return t;
  const axes = hasRank(t.shape) ? t.shape.map((_, i) => i) : [];
  return reduceAxes(rt, t, reduction === 'sum' ? 'sum' : 'mean', axes, false);
}

const REDUCTION = "size_average=None, reduce=None, reduction='mean'";

/** Losses of the difference of two tensors. */
const ofDifference = (name: string, f: (rt: Runtime, d: Tensor) => Tensor): Table[string] =>
  op(name, `input, target, ${REDUCTION}, weight=None`, (x, a, rt) => {
    const target = tensorArgument(a.target, name, 'target', rt);
    const d = arithmetic(
      rt,
      'subtract',
      { tensor: x, dtype: x.dtype },
      { tensor: target, dtype: target.dtype },
    ) as Tensor;
    return reduced(rt, f(rt, d), a.reduction);
  });

/** Losses that InitScope doesn't follow: their place in the graph and their shape. */
const opaqueLoss = (
  name: string,
  signature: string,
  perEntry: (x: Tensor, others: readonly Tensor[], rt: Runtime) => Shape,
): Table[string] => {
  const full: string = signature;
  return op(name, full, (x, args, rt) => {
    const a = args as Readonly<Record<string, Value>>;
    const others = tensorsIn(Object.values(a)).filter((t) => t !== x);
    checkReduction(rt, a['reduction'] ?? null);
    const each = perEntry(x, others, rt);
    const shape = a['reduction'] === 'none' ? each : [];
    return opaque(rt, name, 'a loss', [x, ...others.filter((t) => t.dtype === 'float')], { shape });
  });
};

const same = (x: Tensor): Shape => x.shape;
const ofTarget = (x: Tensor, [target]: readonly Tensor[]): Shape => target?.shape ?? x.shape;
/** One loss for each sample and place: classes are axis 1 (the only axis of a single sample). */
const ofClasses = (x: Tensor, [target]: readonly Tensor[], rt: Runtime): Shape => {
  if (!hasRank(x.shape)) return target?.dtype === 'int' ? target.shape : x.shape;
  const axis = x.shape.length === 1 ? 0 : 1;
  const own = x.shape.filter((_, i) => i !== axis);
  if (!target || !hasRank(target.shape) || target.dtype === 'float') return own;
  const [n, m] = [own[0], target.shape[0]];
  if (n !== undefined && m !== undefined && sameSize(n, m) === false)
    rt.raise('ValueError', `Expected input batch_size (${symbol(n)}) to match target batch_size (${symbol(m)}).`);
  if (own.some((s, i) => sameSize(s, (target.shape as Sizes)[i] ?? s) === false))
    rt.raise('RuntimeError', `Expected target size ${shapeText(own)}, got ${shapeText(target.shape)}`);
  return own;
};
const joint = (x: Tensor, [other]: readonly Tensor[], rt: Runtime): Shape =>
  other ? broadcastShapes(rt, x.shape, other.shape) : x.shape;
/** All axes but the class axis. */
const perSample = (x: Tensor): Shape => (hasRank(x.shape) ? x.shape.slice(0, -1) : x.shape);

const functional: Table = {
  mse_loss: ofDifference('mse_loss', (rt, d) => power(rt, d, 2)),
  l1_loss: ofDifference('l1_loss', (rt, d) => activate(rt, d, 'abs')),
  cross_entropy: opaqueLoss(
    'cross_entropy',
    `input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0`,
    ofClasses,
  ),
  nll_loss: opaqueLoss(
    'nll_loss',
    `input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'`,
    ofClasses,
  ),
  binary_cross_entropy: opaqueLoss('binary_cross_entropy', `input, target, weight=None, ${REDUCTION}`, same),
  binary_cross_entropy_with_logits: opaqueLoss(
    'binary_cross_entropy_with_logits',
    `input, target, weight=None, ${REDUCTION}, pos_weight=None`,
    same,
  ),
  smooth_l1_loss: opaqueLoss('smooth_l1_loss', `input, target, ${REDUCTION}, beta=1.0`, joint),
  huber_loss: opaqueLoss('huber_loss', `input, target, reduction='mean', delta=1.0, weight=None`, joint),
  kl_div: opaqueLoss('kl_div', `input, target, ${REDUCTION}, log_target=False`, joint),
  poisson_nll_loss: opaqueLoss(
    'poisson_nll_loss',
    `input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction='mean'`,
    joint,
  ),
  gaussian_nll_loss: opaqueLoss(
    'gaussian_nll_loss',
    `input, target, var, full=False, eps=1e-6, reduction='mean'`,
    joint,
  ),
  soft_margin_loss: opaqueLoss('soft_margin_loss', `input, target, ${REDUCTION}`, joint),
  hinge_embedding_loss: opaqueLoss('hinge_embedding_loss', `input, target, margin=1.0, ${REDUCTION}`, joint),
  margin_ranking_loss: opaqueLoss('margin_ranking_loss', `input1, input2, target, margin=0, ${REDUCTION}`, joint),
  multi_margin_loss: opaqueLoss(
    'multi_margin_loss',
    `input, target, p=1, margin=1.0, weight=None, ${REDUCTION}`,
    ofTarget,
  ),
  multilabel_margin_loss: opaqueLoss('multilabel_margin_loss', `input, target, ${REDUCTION}`, perSample),
  multilabel_soft_margin_loss: opaqueLoss(
    'multilabel_soft_margin_loss',
    `input, target, weight=None, ${REDUCTION}`,
    perSample,
  ),
  triplet_margin_loss: opaqueLoss(
    'triplet_margin_loss',
    `anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, ${REDUCTION}`,
    perSample,
  ),
  triplet_margin_with_distance_loss: opaqueLoss(
    'triplet_margin_with_distance_loss',
    `anchor, positive, negative, distance_function=None, margin=1.0, swap=False, reduction='mean'`,
    perSample,
  ),
  cosine_embedding_loss: opaqueLoss(
    'cosine_embedding_loss',
    `input1, input2, target, margin=0, ${REDUCTION}`,
    perSample,
  ),
  ctc_loss: opaqueLoss(
    'ctc_loss',
    `log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False`,
    (x) => (hasRank(x.shape) && x.shape.length === 3 ? [x.shape[1] as number] : []),
  ),
};

/** Cosine of the angle between vectors along an axis: the sum of products of unit vectors. */
const cosine = op('cosine_similarity', 'x1, x2, dim=1, eps=1e-8', (x, a, rt) => {
  const y = tensorArgument(a.x2, 'cosine_similarity', 'x2', rt);
  const shape = broadcastShapes(rt, x.shape, y.shape);
  if (!hasRank(shape)) return opaque(rt, 'cosine_similarity', shape.reason, [x, y], { shape });
  const axis = axisOf(a.dim, shape.length, rt);
  const fromEnd = axis - shape.length;
  const [p, q] = [unit(rt, x, fromEnd), unit(rt, y, fromEnd)];
  const product = arithmetic(rt, 'multiply', { tensor: p, dtype: 'float' }, { tensor: q, dtype: 'float' }) as Tensor;
  return reduceAxes(rt, product, 'sum', [axis], false);
});

function unit(rt: Runtime, t: Tensor, fromEnd: number): Tensor {
  const axis = hasRank(t.shape) ? t.shape.length + fromEnd : -1;
  if (axis < 0) return t;
  return compute(rt, { kind: 'normalize', over: 'l2', axis, eps: 1e-8 }, [t], { shape: t.shape });
}

const pairwise = op('pairwise_distance', 'x1, x2, p=2.0, eps=1e-6, keepdim=False', (x, a, rt) => {
  const y = tensorArgument(a.x2, 'pairwise_distance', 'x2', rt);
  const d = arithmetic(rt, 'subtract', { tensor: x, dtype: x.dtype }, { tensor: y, dtype: y.dtype }) as Tensor;
  const keep = flag(a.keepdim, rt);
  const last = hasRank(d.shape) ? d.shape.length - 1 : 0;
  if (numberOf(a.p) === 2) return reduceAxes(rt, d, 'norm', [last], keep);
  const shape: Shape = hasRank(d.shape) ? [...d.shape.slice(0, -1), ...(keep ? [1] : [])] : d.shape;
  return opaque(rt, 'pairwise_distance', 'a distance other than the Euclidean one', [d], { shape });
});

const pdist = op('pdist', 'input, p=2.0', (x, _a, rt) => {
  const rows = hasRank(x.shape) ? x.shape[0] : undefined;
  const count = typeof rows === 'number' ? (rows * (rows - 1)) / 2 : rt.unknown('the number of pairs');
  return opaque(rt, 'pdist', 'distances between rows', [x], { shape: [count] });
});

export const losses: Family = {
  functional: { ...functional, cosine_similarity: cosine, pairwise_distance: pairwise, pdist },
  torch: { cosine_similarity: cosine, pairwise_distance: pairwise, pdist },
};
