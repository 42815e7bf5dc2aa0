import { uniform } from '../../../../initializers/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { mapped } from '../kit/draws.js';
import { op, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, constantContent, dataContent, makeConstant, opaque, unknownContent } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { flag, real } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { activate } from '../pointwise/activations.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { affine } from '../pointwise/unary.js';

export function softmax(rt: Runtime, x: Tensor, axis: number, log: boolean): Tensor {
  return compute(rt, { kind: 'softmax', axis, log }, [x], { shape: x.shape }, () => {
    const known = isComplete(x.shape) ? x.shape : undefined;
    const size = known?.[axis] ?? 1;
    // Alike logits give alike shares, however many there are.
    if (known && distributionOf(x).kind === 'constant') return constantContent(log ? -Math.log(size) : 1 / size);
    const data = entries(x);
    if (!data || !known) return unknownContent('a softmax computed before forward');
    const inner = known.slice(axis + 1).reduce((a, b) => a * b, 1);
    const out = data.map((v, i) => {
      const first = i - (Math.floor(i / inner) % size) * inner;
      let sum = 0;
      for (let k = 0; k < size; k++) sum += Math.exp(data[first + k * inner]! - v);
      return log ? -Math.log(sum) : 1 / sum;
    });
    return dataContent(out, 'softmax');
  });
}

/** Without a dim torch guesses one: 0 for 0, 1 and 3 axes, else 1. */
function axisFor(x: Tensor, dim: Value, rt: Runtime): number {
  if (!hasRank(x.shape)) return 0;
  const rank = x.shape.length;
  return dim === null ? (rank === 0 || rank === 1 || rank === 3 ? 0 : 1) : axisOf(dim, rank, rt);
}

const variant = (name: string, log: boolean, sign: number): Table[string] =>
  op(name, 'input, dim=None, _stacklevel=3, dtype=None', (x, a, rt) =>
    softmax(rt, sign === 1 ? x : affine(rt, x, -1, 0), axisFor(x, a.dim, rt), log),
  );
/** torch.softmax takes the dtype where functional has `_stacklevel`. */
const plain = (name: string, log: boolean): Table[string] =>
  op(name, 'input, dim, dtype=None', (x, a, rt) => softmax(rt, x, axisFor(x, a.dim, rt), log));

const gumbel = op('gumbel_softmax', 'logits, tau=1, hard=False, eps=1e-10, dim=-1', (x, a, rt) => {
  const distribution = mapped(uniform(0, 1), (u) => -Math.log(-Math.log(u)), 'gumbel_softmax');
  const noise = makeConstant(rt, 'gumbel_softmax', x.shape, 'float', { distribution });
  const noisy = arithmetic(rt, 'add', { tensor: x, dtype: x.dtype }, { tensor: noise, dtype: 'float' }) as Tensor;
  const soft = softmax(rt, affine(rt, noisy, 1 / real(a.tau, 'tau', rt), 0), axisFor(x, a.dim, rt), false);
  return flag(a.hard, rt)
    ? opaque(rt, 'gumbel_softmax', 'one entry drawn at random becomes 1', [soft], { shape: x.shape })
    : soft;
});

const softmaxTorch = plain('softmax', false);
const logSoftmaxTorch = plain('log_softmax', true);

export const softmaxes: Family = {
  functional: {
    softmax: variant('softmax', false, 1),
    log_softmax: variant('log_softmax', true, 1),
    softmin: variant('softmin', false, -1),
    gumbel_softmax: gumbel,
  },
  torch: { softmax: softmaxTorch, log_softmax: logSoftmaxTorch },
  methods: {
    softmax: softmaxTorch,
    log_softmax: logSoftmaxTorch,
    logsigmoid: op('logsigmoid', 'input', (x, _a, rt) => activate(rt, x, 'log_sigmoid')),
  },
};
