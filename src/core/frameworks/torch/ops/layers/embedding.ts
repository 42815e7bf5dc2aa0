import { constant, mixture } from '../../../../initializers/index.js';
import type { Operation } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, tensorArgument, type Family } from '../kit/define.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { compute, dataContent } from '../kit/make.js';
import { hasRank, isComplete, product, times, type Shape } from '../kit/sizes.js';
import { flag, integer, numberOf } from '../kit/values.js';
import { weightOf } from '../products/weights.js';
import { distributionOf } from '../storage/write.js';

function paddingField(v: Value, weight: Tensor): { paddingIndex?: number } {
  const index = numberOf(v);
  if (index === undefined) return {};
  const rows = hasRank(weight.shape) ? weight.shape[0] : undefined;
  return { paddingIndex: index < 0 && typeof rows === 'number' ? index + rows : index };
}

function features(weight: Tensor, rt: Runtime): Size {
  return hasRank(weight.shape) ? (weight.shape[1] ?? 1) : rt.unknown('the width of an embedding');
}

const embedding = op(
  'embedding',
  'input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False',
  (x, a, rt) => {
    const table = tensorArgument(a.weight, 'embedding', 'weight', rt);
    const shape: Shape = hasRank(x.shape) ? [...x.shape, features(table, rt)] : x.shape;
    const { weight, inputs } = weightOf(table, [x]);
    const operation: Operation = { kind: 'embedding', weight, ...paddingField(a.padding_idx, table) };
    return compute(rt, operation, inputs, { shape }, () => ({ distribution: distributionOf(table) }));
  },
);

const embeddingBag = op(
  'embedding_bag',
  "input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
  (x, a, rt) => {
    const table = tensorArgument(a.weight, 'embedding_bag', 'weight', rt);
    const width = features(table, rt);
    const { weight, inputs } = weightOf(table, [x]);
    const combine = a.mode === 'sum' || a.mode === 'max' ? a.mode : 'mean';
    return compute(rt, { kind: 'embedding', weight, combine, ...paddingField(a.padding_idx, table) }, inputs, {
      shape: [bags(x, a.offsets, flag(a.include_last_offset, rt), rt), width],
    });
  },
);

function bags(x: Tensor, offsets: Value, withLast: boolean, rt: Runtime): Size {
  if (hasRank(x.shape) && x.shape.length === 2) return x.shape[0]!;
  if (offsets === null) return rt.raise('ValueError', 'offsets has to be a 1D Tensor but got None');
  const { shape } = tensorArgument(offsets, 'embedding_bag', 'offsets', rt);
  const count = hasRank(shape) ? (shape[0] ?? 1) : shape;
  return withLast && typeof count === 'number' ? count - 1 : count;
}

const oneHot = op('one_hot', 'tensor, num_classes=-1', (x, a, rt) => {
  const data = entries(x);
  let classes: Size = integer(a.num_classes, 'num_classes', rt);
  if (classes === -1) classes = data ? Math.max(...data) + 1 : rt.unknown('the number of classes');
  const shape: Shape = hasRank(x.shape) ? [...x.shape, classes] : x.shape;
  const operation = { kind: 'oneHot' } as const;
  return compute(rt, operation, [x], { shape, dtype: 'int' }, () => {
    if (typeof classes !== 'number')
      return { distribution: { kind: 'unknown', reason: 'a number of classes that is not known' } };
    const n = classes;
    if (data && isComplete(x.shape) && (times(product(x.shape), n) as number) <= MAX_ENTRIES)
      return dataContent(
        data.flatMap((v) => Array.from({ length: n }, (_, i) => Number(i === v))),
        'one_hot',
      );
    return {
      distribution: mixture([
        { fraction: 1 / n, distribution: constant(1) },
        { fraction: 1 - 1 / n, distribution: constant(0) },
      ]),
    };
  });
});

export const embeddings: Family = {
  functional: { embedding, embedding_bag: embeddingBag, one_hot: oneHot },
  torch: {
    embedding: op('embedding', 'weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False', (w, a, rt) =>
      rt.call(embedding, [a.indices, w]),
    ),
  },
};
