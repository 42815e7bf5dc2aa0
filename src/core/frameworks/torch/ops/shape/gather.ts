import { Slice, Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, optionalTensor, tensorArgument, type Family, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, type Shape } from '../kit/sizes.js';
import { numberOf, tensorOf, tensorsIn } from '../kit/values.js';
import { distributionOf } from '../storage/write.js';
import { getItem, maskCount } from './indexing.js';

/** Entries of `x` copied into `shape`. */
function chosen(rt: Runtime, x: Tensor, shape: Shape): Tensor {
  return compute(rt, { kind: 'select' }, [x], { shape, dtype: x.dtype }, () => ({
    distribution: distributionOf(x),
    setBy: x.storage?.setBy,
  }));
}

const indexSelect = op('index_select', 'input, dim, index', (x, a, rt) => {
  const index = tensorArgument(a.index, 'index_select', 'index', rt);
  if (!hasRank(x.shape)) return chosen(rt, x, x.shape);
  const axis = axisOf(a.dim, x.shape.length, rt);
  const full = Array.from({ length: axis }, () => new Slice(null, null, null));
  if (entries(index)) return getItem(rt, x, new Tuple([...full, index]));
  const length: Size = hasRank(index.shape) ? (index.shape[0] ?? 1) : index.shape;
  return chosen(
    rt,
    x,
    x.shape.map((s, i) => (i === axis ? length : s)),
  );
});

const gather = op('gather', 'input, dim, index, sparse_grad=False', (x, a, rt) =>
  chosen(rt, x, tensorArgument(a.index, 'gather', 'index', rt).shape),
);

const take = op('take', 'input, index', (x, a, rt) =>
  chosen(rt, x, tensorArgument(a.index, 'take', 'index', rt).shape),
);

const takeAlong = op('take_along_dim', 'input, indices, dim=None', (x, a, rt) => {
  const { shape } = tensorArgument(a.indices, 'take_along_dim', 'indices', rt);
  if (!hasRank(shape) || !hasRank(x.shape) || a.dim === null) return chosen(rt, x, shape);
  const axis = axisOf(a.dim, x.shape.length, rt);
  const own = x.shape;
  return chosen(
    rt,
    x,
    shape.map((s, i) => (i !== axis && s === 1 ? own[i]! : s)),
  );
});

const maskedSelect = op('masked_select', 'input, mask', (x, a, rt) => {
  const mask = tensorArgument(a.mask, 'masked_select', 'mask', rt);
  return chosen(rt, x, [maskCount(rt, mask)]);
});

/** Writes that are addressed by an index tensor: the shape stays, the entries become a blend of both. */
const scattered = (name: string, signature: string): Table[string] => {
  const full = `input, ${signature}`;
  return op(name, full, (x, args, rt) => {
    const others = tensorsIn(Object.values(args as Readonly<Record<string, Value>>)).filter(
      (t) => t !== x && t.dtype !== 'int',
    );
    return opaque(rt, name, 'entries written at computed places', [x, ...others], { shape: x.shape, dtype: x.dtype });
  });
};

/** `zeros.scatter(-1, index, 1)` with one index a row is how one-hot vectors are often written. */
const scatter = op('scatter', 'input, dim, index, src=None, value=None, reduce=None', (x, a, rt) => {
  const index = tensorOf(a.index);
  const value = numberOf(a.value ?? a.src);
  const isRow =
    index !== undefined &&
    hasRank(x.shape) &&
    hasRank(index.shape) &&
    index.shape.length === x.shape.length &&
    index.shape.at(-1) === 1 &&
    axisOf(a.dim, x.shape.length, rt) === x.shape.length - 1;
  const zeros = distributionOf(x);
  if (isRow && value === 1 && a.reduce === null && x.value === null && zeros.kind === 'constant' && zeros.mean === 0)
    return compute(rt, { kind: 'oneHot' }, [index], { shape: x.shape, dtype: x.dtype });
  const others = [tensorOf(a.src)].filter((t) => t !== undefined && t.dtype !== 'int');
  return opaque(rt, 'scatter', 'entries written at computed places', [x, ...(others as Tensor[])], {
    shape: x.shape,
    dtype: x.dtype,
  });
});

/** `index_put`: entries at index tensors are replaced. */
const indexPut = op('index_put', 'input, indices, values, accumulate=False', (x, a, rt) => {
  const values = optionalTensor(a.values, 'index_put', 'values', rt);
  return opaque(rt, 'index_put', 'entries written at computed places', values ? [x, values] : [x], {
    shape: x.shape,
    dtype: x.dtype,
  });
});

const nonzero = op('nonzero', 'input, as_tuple=False', (x, a, rt) => {
  const count = maskCount(rt, x);
  const reason = 'indices of entries that are not zero';
  const rank = hasRank(x.shape) ? x.shape.length : 1;
  if (a.as_tuple === true)
    return new Tuple(
      Array.from({ length: rank }, () => opaque(rt, 'nonzero', reason, [x], { shape: [count], dtype: 'int' })),
    );
  return opaque(rt, 'nonzero', reason, [x], { shape: [count, rank], dtype: 'int' });
});

const unique = op('unique', 'input, sorted=True, return_inverse=False, return_counts=False, dim=None', (x, a, rt) => {
  const data = entries(x);
  const count: Size = data ? new Set(data).size : rt.unknown('the number of distinct entries');
  const give = (shape: Shape): Tensor => opaque(rt, 'unique', 'distinct entries', [x], { shape, dtype: 'int' });
  const values = opaque(rt, 'unique', 'distinct entries', [x], { shape: [count], dtype: x.dtype });
  const extra = [
    ...(a.return_inverse === true ? [give(x.shape)] : []),
    ...(a.return_counts === true ? [give([count])] : []),
  ];
  return extra.length === 0 ? values : new Tuple([values, ...extra]);
});

const functions: Table = {
  index_select: indexSelect,
  gather,
  take,
  take_along_dim: takeAlong,
  masked_select: maskedSelect,
  scatter,
  scatter_add: scattered('scatter_add', 'dim, index, src'),
  scatter_reduce: scattered('scatter_reduce', 'dim, index, src, reduce=None, include_self=True'),
  index_add: scattered('index_add', 'dim, index, source, alpha=1'),
  index_copy: scattered('index_copy', 'dim, index, source'),
  index_fill: scattered('index_fill', 'dim, index, value'),
  select_scatter: scattered('select_scatter', 'src, dim, index'),
  slice_scatter: scattered('slice_scatter', 'src, dim=0, start=None, end=None, step=1'),
  index_put: indexPut,
  nonzero,
  argwhere: nonzero,
  unique,
  unique_consecutive: unique,
};

export const gathering: Family = {
  torch: {
    ...functions,
    bincount: op('bincount', 'input, weights=None, minlength=0', (x, _a, rt) =>
      opaque(rt, 'bincount', 'counts of entries', [x], { shape: [rt.unknown('the number of bins')], dtype: 'int' }),
    ),
    searchsorted: op('searchsorted', 'sorted_sequence, input, out_int32=False, right=False, side=None', (x, a, rt) => {
      const [values] = tensorsIn([a.input]);
      return opaque(rt, 'searchsorted', 'places in a sorted tensor', values ? [values] : [x], {
        shape: values?.shape ?? [],
        dtype: 'int',
      });
    }),
    bucketize: op('bucketize', 'input, boundaries, out_int32=False, right=False', (x, _a, rt) =>
      opaque(rt, 'bucketize', 'places among boundaries', [x], { shape: x.shape, dtype: 'int' }),
    ),
  },
  methods: functions,
};
