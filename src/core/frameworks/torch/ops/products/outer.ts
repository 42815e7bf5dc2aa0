import type { Runtime, Value } from '../../../../python/values/index.js';
import { promote } from '../../dtype.js';
import type { Size, Tensor } from '../../tensor.js';
import { axesOf } from '../kit/axes.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { fn, op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { opaque } from '../kit/make.js';
import { hasRank, product, times, type Shape, type Sizes } from '../kit/sizes.js';
import { integer, itemsOf, numberOf } from '../kit/values.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { reshapeTo } from '../shape/reshape.js';
import { permute } from '../shape/permute.js';
import { tensorList } from '../shape/join.js';
import { matmul } from './matmul.js';

const outer = op('outer', 'input, vec2', (x, a, rt) => {
  const y = tensorArgument(a.vec2, 'outer', 'vec2', rt);
  for (const [t, name] of [
    [x, 'self'],
    [y, 'vec2'],
  ] as const)
    if (hasRank(t.shape) && t.shape.length !== 1)
      rt.raise('RuntimeError', `outer: Expected 1-D argument ${name}, but got ${String(t.shape.length)}-D`);
  const column = reshapeTo(rt, x, hasRank(x.shape) ? [x.shape[0]!, 1] : x.shape);
  return arithmetic(rt, 'multiply', { tensor: column, dtype: x.dtype }, { tensor: y, dtype: y.dtype });
});

const kron = op('kron', 'input, other', (x, a, rt) => {
  const y = tensorArgument(a.other, 'kron', 'other', rt);
  const rank = hasRank(x.shape) && hasRank(y.shape) ? Math.max(x.shape.length, y.shape.length) : 0;
  const padded = (s: Shape): Sizes =>
    hasRank(s) ? [...new Array<Size>(Math.max(0, rank - s.length)).fill(1), ...s] : [];
  const [p, q] = [padded(x.shape), padded(y.shape)];
  const shape: Shape =
    hasRank(x.shape) && hasRank(y.shape) ? p.map((s, i) => times(s, q[i]!)) : rt.unknown('a Kronecker product');
  return opaque(rt, 'kron', 'a Kronecker product', [x, y], { shape, dtype: promote(x.dtype, y.dtype) });
});

/** Sums over the last axes of one and the first of the other, or over the axes named. */
function tensordot(rt: Runtime, a: Tensor, b: Tensor, dims: Value): Tensor {
  if (!hasRank(a.shape) || !hasRank(b.shape))
    return opaque(rt, 'tensordot', 'tensors of unknown shape', [a, b], { shape: rt.unknown('a tensordot') });
  const [p, q] = [a.shape, b.shape];
  const n = numberOf(dims);
  const pair = itemsOf(dims, rt);
  const left =
    n !== undefined ? Array.from({ length: n }, (_, i) => p.length - n + i) : axesOf(pair?.[0] ?? null, p.length, rt);
  const right = n !== undefined ? Array.from({ length: n }, (_, i) => i) : axesOf(pair?.[1] ?? null, q.length, rt);
  const keptA = p.map((_, i) => i).filter((i) => !left.includes(i));
  const keptB = q.map((_, i) => i).filter((i) => !right.includes(i));
  const sizes = (axes: readonly number[], of: Sizes): Sizes => axes.map((i) => of[i]!);
  const inner = product(sizes(left, p));
  const x = reshapeTo(rt, permute(rt, a, [...keptA, ...left]), [product(sizes(keptA, p)), inner]);
  // A parameter that needn't be rearranged stays one, and the product a linear layer.
  const flatB: Sizes = [inner, product(sizes(keptB, q))];
  const y =
    q.length === 2 && right.length === 1 && right[0] === 0
      ? b
      : reshapeTo(rt, permute(rt, b, [...right, ...keptB]), flatB);
  return reshapeTo(rt, matmul(rt, x, y), [...sizes(keptA, p), ...sizes(keptB, q)]);
}

const cdist = op('cdist', 'x1, x2, p=2.0, compute_mode=None', (x, a, rt) => {
  const y = tensorArgument(a.x2, 'cdist', 'x2', rt);
  if (!hasRank(x.shape) || !hasRank(y.shape))
    return opaque(rt, 'cdist', 'distances', [x, y], { shape: rt.unknown('distances') });
  for (const [t, name] of [
    [x, 'X1'],
    [y, 'X2'],
  ] as const)
    if ((t.shape as Sizes).length < 2)
      rt.raise(
        'RuntimeError',
        `cdist only supports at least 2D tensors, ${name} got: ${String((t.shape as Sizes).length)}D`,
      );
  const lead = broadcastShapes(rt, x.shape.slice(0, -2), y.shape.slice(0, -2)) as Sizes;
  const shape = [...lead, x.shape.at(-2)!, y.shape.at(-2)!];
  return opaque(rt, 'cdist', 'distances between rows', [x, y], { shape });
});

const cross = op('cross', 'input, other, dim=None', (x, a, rt) => {
  const y = tensorArgument(a.other, 'cross', 'other', rt);
  return opaque(rt, 'cross', 'a cross product', [x, y], { shape: broadcastShapes(rt, x.shape, y.shape) });
});

const matrixPower = op('matrix_power', 'input, n', (x, a, rt) => {
  let y = x;
  for (let i = 1; i < integer(a.n, 'n', rt); i++) y = matmul(rt, y, x);
  return y;
});

const shared: Table = { outer, ger: outer, kron, cross, matrix_power: matrixPower };

export const outerProducts: Family = {
  torch: {
    ...shared,
    tensordot: fn('tensordot', 'a, b, dims=2', (args, rt) =>
      tensordot(
        rt,
        tensorArgument(args.a, 'tensordot', 'a', rt),
        tensorArgument(args.b, 'tensordot', 'b', rt),
        args.dims,
      ),
    ),
    cdist,
    chain_matmul: fn('chain_matmul', '*matrices', (a, rt) =>
      tensorList(rt, 'chain_matmul', a.matrices).reduce((x, y) => matmul(rt, x, y)),
    ),
    inner: op('inner', 'input, other', (x, a, rt) => {
      const y = tensorArgument(a.other, 'inner', 'other', rt);
      const turned = hasRank(y.shape) && y.shape.length === 2 ? permute(rt, y, [1, 0]) : y;
      return matmul(rt, x, turned);
    }),
  },
  methods: shared,
};
