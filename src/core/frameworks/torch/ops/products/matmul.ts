import { normal } from '../../../../initializers/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import { promote } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import { broadcastShapes } from '../kit/broadcast.js';
import { op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { compute, dataContent, isTraced, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete, shapeText, symbol, type Shape, type Sizes } from '../kit/sizes.js';
import { numberOf } from '../kit/values.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { affine } from '../pointwise/unary.js';
import { parameterBehind, transpose } from '../shape/permute.js';
import { count } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';
import { linear } from './linear.js';
import { parameterOf } from './weights.js';

/** The matrix product with torch's rules for vectors and batches. A product with a parameter is a linear layer. */
export function matmul(rt: Runtime, a: Tensor, b: Tensor): Tensor {
  if (isTraced([a, b])) {
    const layer = asLinear(rt, a, b);
    if (layer) return layer;
  }
  const shape = matmulShape(rt, a.shape, b.shape);
  return compute(rt, { kind: 'matmul' }, [a, b], { shape, dtype: promote(a.dtype, b.dtype) }, () =>
    productContent(a, b, shape),
  );
}

function asLinear(rt: Runtime, a: Tensor, b: Tensor): Tensor | null {
  const rank = hasRank(a.shape) ? a.shape.length : 0;
  if (parameterOf(a) !== undefined && parameterOf(b) !== undefined) return null;
  if (rank >= 1 && isMatrix(b)) {
    if (parameterOf(b) !== undefined) return linear(rt, a, b, null, true);
    const behind = parameterBehind(b);
    if (behind && parameterOf(behind) !== undefined) return linear(rt, a, behind, null);
  }
  // W @ x is (xᵀ @ Wᵀ)ᵀ.
  if (!isMatrix(a) || !hasRank(b.shape) || b.shape.length < 1) return null;
  const behind = parameterBehind(a);
  const weight = parameterOf(a) !== undefined ? a : behind && parameterOf(behind) !== undefined ? behind : undefined;
  if (!weight) return null;
  checkInner(rt, a.shape as Sizes, b.shape);
  if (b.shape.length === 1) return linear(rt, b, weight, null, weight !== a);
  return transpose(rt, linear(rt, transpose(rt, b, -2, -1), weight, null, weight !== a), -2, -1);
}

function isMatrix(t: Tensor): boolean {
  return hasRank(t.shape) && t.shape.length === 2;
}

function checkInner(rt: Runtime, a: Sizes, b: Sizes): void {
  const [inner, other] = [a.at(-1), b.length === 1 ? b[0] : b.at(-2)];
  if (typeof inner !== 'number' || typeof other !== 'number' || inner === other) return;
  if (a.length <= 2 && b.length === 2 && a.length > 0)
    rt.raise(
      'RuntimeError',
      `mat1 and mat2 shapes cannot be multiplied (${a.length === 1 ? `1x${inner}` : a.map(symbol).join('x')} and ${b.map(symbol).join('x')})`,
    );
  if (b.length === 1)
    rt.raise(
      'RuntimeError',
      `size mismatch, got input (${symbol(a.at(-2) ?? 1)}), mat (${a.slice(-2).map(symbol).join('x')}), vec (${other})`,
    );
  const left = [symbol(a[0]!), symbol(a.at(-2) ?? 1), symbol(inner)];
  rt.raise(
    'RuntimeError',
    `Expected size for first two dimensions of batch2 tensor to be: [${left[0] ?? ''}, ${left[2] ?? ''}] but got: [${symbol(b[0]!)}, ${symbol(other)}].`,
  );
}

function matmulShape(rt: Runtime, a: Shape, b: Shape): Shape {
  if (!hasRank(a)) return a;
  if (!hasRank(b)) return b;
  if (a.length === 0 || b.length === 0)
    rt.raise(
      'RuntimeError',
      `both arguments to matmul need to be at least 1D, but they are ${String(a.length)}D and ${String(b.length)}D`,
    );
  checkInner(rt, a, b);
  const lead = broadcastShapes(rt, a.slice(0, -2), b.slice(0, -2)) as Sizes;
  return [...lead, ...(a.length > 1 ? [a.at(-2)!] : []), ...(b.length > 1 ? [b.at(-1)!] : [])];
}

/** Constants: small matrices exactly; large random ones by the central limit theorem. */
function productContent(a: Tensor, b: Tensor, shape: Shape): Content {
  if (!hasRank(a.shape)) return unknownContent('a product of matrices of unknown size');
  const inner = a.shape.at(-1);
  const [x, y] = [entries(a), entries(b)];
  if (
    x &&
    y &&
    isComplete(a.shape) &&
    isComplete(b.shape) &&
    a.shape.length <= 2 &&
    b.shape.length <= 2 &&
    isComplete(shape) &&
    count(shape) <= MAX_ENTRIES
  )
    return dataContent(multiply(x, y, inner as number, b.shape.length === 1 ? 1 : b.shape[1]!), 'matmul');
  const [p, q] = [distributionOf(a), distributionOf(b)];
  if (typeof inner !== 'number' || p.mean === undefined || q.mean === undefined || p === q)
    return unknownContent('a product of matrices computed before forward');
  const second = (p.mean ** 2 + p.std ** 2) * (q.mean ** 2 + q.std ** 2);
  return {
    distribution: normal(inner * p.mean * q.mean, Math.sqrt(inner * Math.max(0, second - (p.mean * q.mean) ** 2))),
  };
}

function multiply(a: readonly number[], b: readonly number[], inner: number, columns: number): number[] {
  const rows = a.length / inner;
  const out = new Array<number>(rows * columns).fill(0);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++) {
      const v = a[i * inner + k]!;
      for (let j = 0; j < columns; j++) out[i * columns + j] = out[i * columns + j]! + v * b[k * columns + j]!;
    }
  return out;
}

/** mm, bmm and the like: matmul for tensors of given ranks. */
const strict = (name: string, other: string, rankA: number, rankB: number): Table[string] => {
  const signature = `input, ${other}, out_dtype=None`;
  return op(name, signature, (x, args, rt) => {
    const b = tensorArgument((args as Readonly<Record<string, Value>>)[other] ?? null, name, other, rt);
    if (hasRank(x.shape) && x.shape.length !== rankA) rt.raise('RuntimeError', rankText(name, rankA, x.shape));
    if (hasRank(b.shape) && b.shape.length !== rankB) rt.raise('RuntimeError', rankText(name, rankB, b.shape));
    return matmul(rt, x, b);
  });
};

function rankText(name: string, rank: number, shape: Shape): string {
  return name === 'mm'
    ? 'self must be a matrix'
    : `${name}: expected a tensor of ${String(rank)} dimensions, but got one of shape ${shapeText(shape)}`;
}

/** beta·input + alpha·(a @ b). */
const added = (name: string, first: string, second: string): Table[string] => {
  const signature = `input, ${first}, ${second}, beta=1, alpha=1`;
  return op(name, signature, (x, args, rt) => {
    const a = args as Readonly<Record<string, Value>>;
    const scale = (t: Tensor, by: Value): Tensor => (numberOf(by) === 1 ? t : affine(rt, t, numberOf(by) ?? 1, 0));
    const left = tensorArgument(a[first] ?? null, name, first, rt);
    const product = matmul(rt, left, tensorArgument(a[second] ?? null, name, second, rt));
    const [p, q] = [scale(product, a['alpha'] ?? 1), scale(x, a['beta'] ?? 1)];
    if (numberOf(a['beta'] ?? 1) === 0) return p;
    return arithmetic(rt, 'add', { tensor: q, dtype: q.dtype }, { tensor: p, dtype: p.dtype });
  });
};

const matmulFunction = op('matmul', 'input, other', (x, a, rt) =>
  matmul(rt, x, tensorArgument(a.other, 'matmul', 'other', rt)),
);

const functions: Table = {
  matmul: matmulFunction,
  mm: strict('mm', 'mat2', 2, 2),
  bmm: strict('bmm', 'mat2', 3, 3),
  mv: strict('mv', 'vec', 2, 1),
  dot: strict('dot', 'tensor', 1, 1),
  vdot: strict('vdot', 'tensor', 1, 1),
  addmm: added('addmm', 'mat1', 'mat2'),
  addbmm: added('addbmm', 'batch1', 'batch2'),
  baddbmm: added('baddbmm', 'batch1', 'batch2'),
  addmv: added('addmv', 'mat', 'vec'),
};

export const matrixProducts: Family = { torch: functions, methods: functions };
