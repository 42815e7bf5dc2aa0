import { constant, identity, mixture } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { NativeFunction, Runtime } from '../../../../python/values/index.js';
import { Unknown } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { fn, op, type Family } from '../kit/define.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { compute, dataContent, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { integer, sizeOf } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { made, OPTIONS } from './options.js';

/** Share of a rows × columns matrix for which `keep` holds; counted along diagonals. */
function shareOf(rows: number, columns: number, keep: (offset: number) => boolean): number {
  let kept = 0;
  for (let offset = 1 - rows; offset < columns; offset++)
    if (keep(offset)) kept += Math.min(columns, columns - offset, rows, rows + offset);
  return kept / (rows * columns);
}

/** tril and triu: entries on the wrong side of a diagonal become zero. */
const triangle = (name: string, keep: (offset: number, diagonal: number) => boolean): NativeFunction =>
  op(name, 'input, diagonal=0', (x, a, rt) => {
    const diagonal = integer(a.diagonal, 'diagonal', rt);
    if (hasRank(x.shape) && x.shape.length < 2)
      rt.raise('RuntimeError', `${name}: input tensor must have at least 2 dimensions`);
    const { shape, dtype } = x;
    return compute(rt, { kind: 'opaque', name, reason: 'a triangle of a matrix' }, [x], { shape, dtype }, () =>
      triangular(x, name, (offset) => keep(offset, diagonal)),
    );
  });

function triangular(x: Tensor, name: string, keep: (offset: number) => boolean): Content {
  const data = entries(x);
  if (!isComplete(x.shape)) return unknownContent('a triangle of a matrix of unknown size');
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  if (data)
    return dataContent(
      data.map((v, i) => (keep((i % columns) - (Math.floor(i / columns) % rows)) ? v : 0)),
      name,
    );
  const share = shareOf(rows, columns, keep);
  const parts: { fraction: number; distribution: Distribution }[] = [
    { fraction: share, distribution: distributionOf(x) },
    { fraction: 1 - share, distribution: constant(0) },
  ];
  return { distribution: mixture(parts) };
}

function eye(n: Size, m: Size): Content {
  if (typeof n !== 'number' || typeof m !== 'number') return unknownContent('an identity matrix of unknown size');
  const distribution = identity([n, m]);
  if (n * m > MAX_ENTRIES || n * m === 0) return { distribution };
  return { distribution, data: Array.from({ length: n * m }, (_, i) => (i % m === Math.floor(i / m) ? 1 : 0)) };
}

/** tril_indices and triu_indices: a row of row numbers above a row of column numbers. */
const indices = (name: string, keep: (offset: number, diagonal: number) => boolean): NativeFunction =>
  fn(name, `row, col, offset=0, ${OPTIONS}`, (a, rt) => {
    const [rows, columns, offset] = [sizeOf(a.row, rt), sizeOf(a.col, rt), integer(a.offset, 'offset', rt)];
    if (typeof rows !== 'number' || typeof columns !== 'number') {
      const length = rt.unknown(`the number of ${name}`);
      return made(rt, name, [2, length], a, 'int', unknownContent('indices of a matrix of unknown size'));
    }
    const at: number[] = [];
    rt.allocate(rows * columns);
    for (let i = 0; i < rows * columns; i++) if (keep((i % columns) - Math.floor(i / columns), offset)) at.push(i);
    const data = [...at.map((i) => Math.floor(i / columns)), ...at.map((i) => i % columns)];
    return made(rt, name, [2, at.length], a, 'int', dataContent(data, name));
  });

const lower = (offset: number, diagonal: number): boolean => offset <= diagonal;
const upper = (offset: number, diagonal: number): boolean => offset >= diagonal;
const tril = triangle('tril', lower);
const triu = triangle('triu', upper);

/** `torch.diag`: a matrix of a vector, or the diagonal of a matrix. */
const diag = op('diag', 'input, diagonal=0', (x, a, rt) => {
  const k = integer(a.diagonal, 'diagonal', rt);
  if (!hasRank(x.shape)) return compute(rt, { kind: 'select' }, [x], { shape: x.shape, dtype: x.dtype });
  if (x.shape.length === 1) return embedded(rt, x, x.shape[0]!, k);
  if (x.shape.length !== 2)
    rt.raise('RuntimeError', `diag(): Supports 1D or 2D tensors. Got ${String(x.shape.length)}D`);
  return compute(
    rt,
    { kind: 'select' },
    [x],
    { shape: [diagonalLength(x.shape[0]!, x.shape[1]!, k)], dtype: x.dtype },
    () => {
      const data = entries(x);
      if (!data || !isComplete(x.shape)) return { distribution: distributionOf(x) };
      const columns = x.shape[1]!;
      const length = diagonalLength(x.shape[0]!, columns, k) as number;
      const first = k >= 0 ? k : -k * columns;
      return dataContent(
        Array.from({ length }, (_, i) => data[first + i * (columns + 1)]!),
        'diag',
      );
    },
  );
});

export function diagonalLength(rows: Size, columns: Size, k: number): Size {
  if (typeof rows !== 'number' || typeof columns !== 'number') return rows instanceof Unknown ? rows : columns;
  return Math.max(0, k >= 0 ? Math.min(rows, columns - k) : Math.min(rows + k, columns));
}

function embedded(rt: Runtime, x: Tensor, n: Size, k: number): Tensor {
  const size = typeof n === 'number' ? n + Math.abs(k) : n;
  const operation = { kind: 'opaque', name: 'diag', reason: 'a diagonal matrix of computed values' } as const;
  return compute(rt, operation, [x], { shape: [size, size], dtype: x.dtype }, () => {
    if (typeof size !== 'number' || typeof n !== 'number') return unknownContent('a diagonal matrix of unknown size');
    const data = entries(x);
    if (data && size * size <= MAX_ENTRIES) {
      const out = new Array<number>(size * size).fill(0);
      for (let i = 0; i < n; i++) out[(i + Math.max(0, -k)) * size + i + Math.max(0, k)] = data[i]!;
      return dataContent(out, 'diag');
    }
    const share = n / (size * size);
    return {
      distribution: mixture([
        { fraction: share, distribution: distributionOf(x) },
        { fraction: 1 - share, distribution: constant(0) },
      ]),
    };
  });
}

export const matrices: Family = {
  torch: {
    tril,
    triu,
    diag,
    eye: fn('eye', `n, m=None, ${OPTIONS}`, (a, rt) => {
      const n = sizeOf(a.n, rt);
      const m = a.m === null ? n : sizeOf(a.m, rt);
      return made(rt, 'eye', [n, m], a, 'float', eye(n, m));
    }),
    tril_indices: indices('tril_indices', lower),
    triu_indices: indices('triu_indices', upper),
    vander: op('vander', 'x, N=None, increasing=False', (x, a, rt) => {
      const n = hasRank(x.shape) ? x.shape[0]! : x.shape;
      return compute(rt, { kind: 'opaque', name: 'vander', reason: 'powers of a vector' }, [x], {
        shape: [n, a.N === null ? n : sizeOf(a.N, rt)],
      });
    }),
  },
  methods: { tril, triu, diag },
};
