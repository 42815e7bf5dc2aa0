import type { Operation } from '../../../../model/index.js';
import { fn, tensorArgument, type Family } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, type Shape } from '../kit/sizes.js';
import { integer } from '../kit/values.js';
import { weightOf } from '../products/weights.js';

/** Rows of a table: weight (entries, features). */
const embedding = fn(
  'embedding',
  'input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False',
  (a, rt) => {
    const x = tensorArgument(a.input, 'embedding', 'input', rt);
    const weight = tensorArgument(a.weight, 'embedding', 'weight', rt);
    const features = hasRank(weight.shape) ? (weight.shape[1] ?? 1) : weight.shape;
    const shape: Shape = hasRank(x.shape) ? [...x.shape, features] : x.shape;
    const refs = weightOf(weight, [x]);
    const padding = a.padding_idx === null ? {} : { paddingIndex: integer(a.padding_idx, 'padding_idx', rt) };
    return compute(rt, { kind: 'embedding', weight: refs.weight, ...padding }, refs.inputs, { shape });
  },
);

const MODES = new Set(['sum', 'mean', 'max']);

/** Rows summed, averaged or maximised per bag: 2-D input gives one bag a row, 1-D input one an offset. */
const embeddingBag = fn(
  'embedding_bag',
  "input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode='mean', sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None",
  (a, rt) => {
    const x = tensorArgument(a.input, 'embedding_bag', 'input', rt);
    const weight = tensorArgument(a.weight, 'embedding_bag', 'weight', rt);
    const features = hasRank(weight.shape) ? (weight.shape[1] ?? 1) : weight.shape;
    const offsets = a.offsets === null ? null : tensorArgument(a.offsets, 'embedding_bag', 'offsets', rt);
    const bags = offsets && hasRank(offsets.shape) ? offsets.shape[0] : hasRank(x.shape) ? x.shape[0] : undefined;
    const combine = typeof a.mode === 'string' && MODES.has(a.mode) ? (a.mode as 'sum' | 'mean' | 'max') : 'mean';
    const refs = weightOf(weight, [x]);
    const operation: Operation = { kind: 'embedding', weight: refs.weight, combine };
    return compute(rt, operation, refs.inputs, { shape: bags === undefined ? x.shape : [bags, features] });
  },
);

export const embeddingFamily: Family = {
  torch: { embedding, embedding_bag: embeddingBag },
  functional: { embedding, embedding_bag: embeddingBag },
};
