import { Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { fn, op, tensorArgument, type Family } from '../kit/define.js';
import { broadcastAll } from '../kit/broadcast.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { compute } from '../kit/make.js';
import { hasRank, isComplete, knownSize, product, shapeText, times, type Shape, type Sizes } from '../kit/sizes.js';
import { itemsOf, shapeFrom, sizeOf, tensorsIn } from '../kit/values.js';
import { view } from '../storage/layout.js';
import { distributionOf } from '../storage/write.js';
import { flattenAxes, reshapeTo } from './reshape.js';

/** Repeats axes of size 1; -1 keeps an axis. */
export function expandTo(rt: Runtime, x: Tensor, wanted: Shape): Tensor {
  if (!hasRank(wanted) || !hasRank(x.shape))
    return compute(rt, { kind: 'repeat' }, [x], { shape: wanted, dtype: x.dtype });
  const lead = wanted.length - x.shape.length;
  const own: Sizes = x.shape;
  if (lead < 0)
    rt.raise(
      'RuntimeError',
      `expand(${shapeText(wanted)}): the number of sizes provided (${String(wanted.length)}) must be greater or equal to the number of dimensions in the tensor (${String(own.length)})`,
    );
  const shape = wanted.map((s, i): Size => {
    const old = i < lead ? 1 : own[i - lead]!;
    if (s === -1 || s === old) return old;
    if (old === 1) return s;
    if (typeof s === 'number' && typeof old === 'number')
      rt.raise(
        'RuntimeError',
        `The expanded size of the tensor (${String(s)}) must match the existing size (${String(old)}) at non-singleton dimension ${String(i)}.  Target sizes: ${shapeText(wanted)}.  Tensor sizes: ${shapeText(own)}`,
      );
    return knownSize(s, old);
  });
  if (lead === 0 && shape.every((s, i) => s === own[i])) return x;
  return view(rt, x, { kind: 'repeat' }, shape, (l) => ({
    offset: l.offset,
    strides: shape.map((s, i) => (i < lead || own[i - lead] !== s ? 0 : l.strides[i - lead]!)),
  }));
}

/** Whole copies side by side, along every axis. */
export function tileBy(rt: Runtime, x: Tensor, counts: Sizes): Tensor {
  if (!hasRank(x.shape)) return compute(rt, { kind: 'repeat' }, [x], { shape: x.shape, dtype: x.dtype });
  const own: Sizes = [...new Array<Size>(Math.max(0, counts.length - x.shape.length)).fill(1), ...x.shape];
  const repeats: Sizes = [...new Array<Size>(own.length - counts.length).fill(1), ...counts];
  const shape = own.map((s, i) => times(s, repeats[i]!));
  if (repeats.every((r) => r === 1)) return reshapeTo(rt, x, shape);
  return compute(rt, { kind: 'repeat' }, [x], { shape, dtype: x.dtype }, () => ({
    distribution: distributionOf(x),
    data: picked(x, shape, (at, axis) => at % (own[axis] as number), own),
    setBy: x.storage?.setBy,
  }));
}

/** Entries of a larger tensor, each from the place in `own` that `from` says, axis by axis. */
function picked(x: Tensor, shape: Sizes, from: (at: number, axis: number) => number, own: Sizes): number[] | null {
  const data = entries(x);
  if (!data || !isComplete(shape) || !isComplete(own) || (product(shape) as number) > MAX_ENTRIES) return null;
  return Array.from({ length: product(shape) as number }, (_, i) => {
    let rest = i;
    let index = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]!;
      index += from(rest % size, axis) * step;
      step *= own[axis]!;
      rest = Math.floor(rest / size);
    }
    return data[index]!;
  });
}

const expand = op('expand', 'input, *size, implicit=False', (x, a, rt) =>
  expandTo(rt, x, shapeFrom((a.size as Tuple).items, rt)),
);

const repeat = op('repeat', 'input, *repeats', (x, a, rt) => {
  const counts = shapeFrom((a.repeats as Tuple).items, rt);
  if (!hasRank(counts)) return compute(rt, { kind: 'repeat' }, [x], { shape: counts, dtype: x.dtype });
  if (hasRank(x.shape) && counts.length < x.shape.length)
    rt.raise(
      'RuntimeError',
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
  return tileBy(rt, x, counts);
});

const tile = op('tile', 'input, *dims', (x, a, rt) => {
  const counts = shapeFrom((a.dims as Tuple).items, rt);
  return hasRank(counts)
    ? tileBy(rt, x, counts)
    : compute(rt, { kind: 'repeat' }, [x], { shape: counts, dtype: x.dtype });
});

/** Every entry along an axis several times in a row. */
const interleave = op('repeat_interleave', 'input, repeats=None, dim=None, output_size=None', (x, a, rt) => {
  const flat = a.dim === null || (hasRank(x.shape) && x.shape.length === 0) ? flattenAxes(rt, x, 0, -1) : x;
  if (!hasRank(flat.shape)) return compute(rt, { kind: 'repeat' }, [x], { shape: flat.shape, dtype: x.dtype });
  const at = a.dim === null ? 0 : axisOf(a.dim, flat.shape.length, rt);
  const own = flat.shape;
  const count = interleaveCount(a.repeats, rt);
  const long = count === undefined ? rt.unknown('the sum of the repeats') : times(own[at]!, count);
  const size = a.output_size === null ? long : sizeOf(a.output_size, rt);
  const shape = own.map((s, i) => (i === at ? size : s));
  if (count === 1) return flat;
  return compute(rt, { kind: 'repeat', interleaved: at }, [flat], { shape, dtype: x.dtype }, () => ({
    distribution: distributionOf(flat),
    data:
      typeof count === 'number'
        ? picked(flat, shape, (i, axis) => (axis === at ? Math.floor(i / count) : i), own)
        : null,
    setBy: flat.storage?.setBy,
  }));
});

/** One number for all entries; `undefined` where each has its own. */
function interleaveCount(v: Value, rt: Runtime): Size | undefined {
  if (v instanceof Unknown) return v;
  const [t] = tensorsIn([v]);
  if (t) return entries(t)?.length === 1 ? entries(t)![0] : undefined;
  return itemsOf(v, rt) ? undefined : sizeOf(v, rt);
}

export const repeating: Family = {
  torch: {
    tile,
    repeat_interleave: interleave,
    broadcast_to: expand,
    broadcast_tensors: fn('broadcast_tensors', '*tensors', (a, rt) => {
      const all = tensorsIn([a.tensors]);
      const shape = broadcastAll(
        rt,
        all.map((t) => t.shape),
      );
      return new Tuple(all.map((t) => expandTo(rt, t, shape)));
    }),
  },
  methods: {
    expand,
    broadcast_to: expand,
    expand_as: op('expand_as', 'input, other', (x, a, rt) =>
      expandTo(rt, x, tensorArgument(a.other, 'expand_as', 'other', rt).shape),
    ),
    repeat,
    tile,
    repeat_interleave: interleave,
  },
};
