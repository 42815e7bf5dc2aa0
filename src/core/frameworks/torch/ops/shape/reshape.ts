import { Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import { DTypeValue } from '../../dtype.js';
import type { Size, Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { axesOf, axisNumber, axisOf } from '../kit/axes.js';
import { op, tensorArgument, type Family } from '../kit/define.js';
import { hasRank, isComplete, product, quotient, shapeText, type Shape, type Sizes } from '../kit/sizes.js';
import { integer, itemsOf, shapeFrom } from '../kit/values.js';
import { layoutOf, view, viewStrides } from '../storage/layout.js';

/** The sizes that `view` and `reshape` ask for, with -1 resolved. Raises torch's RuntimeError where they don't fit. */
export function resolve(rt: Runtime, from: Shape, wanted: Shape): Shape {
  if (!hasRank(wanted)) return wanted;
  const open = wanted.indexOf(-1);
  const known = wanted.filter((s) => s !== -1);
  if (wanted.length - known.length > 1) rt.raise('RuntimeError', 'only one dimension can be inferred');
  if (open < 0) {
    if (isComplete(from) && isComplete(wanted) && product(from) !== product(wanted)) misfit(rt, from, wanted);
    return wanted;
  }
  let rest: Size;
  if (hasRank(from)) rest = quotient(from, known) ?? misfit(rt, from, wanted);
  else rest = from.as('?');
  return wanted.map((s, i) => (i === open ? rest : s));
}

function misfit(rt: Runtime, from: Sizes, wanted: Sizes): never {
  return rt.raise('RuntimeError', `shape '${shapeText(wanted)}' is invalid for input of size ${String(product(from))}`);
}

/** The same entries in another shape: a view where strides allow it. */
export function reshapeTo(rt: Runtime, x: Tensor, shape: Shape): Tensor {
  if (
    hasRank(shape) &&
    hasRank(x.shape) &&
    shape.length === x.shape.length &&
    shape.every((s, i) => s === (x.shape as Sizes)[i])
  )
    return viewAs(rt, x);
  return view(rt, x, { kind: 'reshape' }, shape, (layout) => {
    if (!isComplete(x.shape) || !isComplete(shape)) return null;
    const strides = viewStrides(x.shape, layout.strides, shape);
    return strides && { offset: layout.offset, strides };
  });
}

/** Another tensor object for the same entries. */
export function viewAs(rt: Runtime, x: Tensor): Tensor {
  return x.value !== null || isWeight(x) ? x : view(rt, x, { kind: 'reshape' }, x.shape, (l) => l);
}

export function flattenAxes(rt: Runtime, x: Tensor, start: number, end: number): Tensor {
  if (!hasRank(x.shape)) return reshapeTo(rt, x, x.shape);
  if (x.shape.length === 0) return reshapeTo(rt, x, [1]);
  const from = axisNumber(start, x.shape.length, rt);
  const to = axisNumber(end, x.shape.length, rt);
  if (from > to) rt.raise('RuntimeError', 'flatten() has invalid args: start_dim cannot come after end_dim');
  if (from === to) return x;
  const merged = product(x.shape.slice(from, to + 1));
  return reshapeTo(rt, x, [...x.shape.slice(0, from), merged, ...x.shape.slice(to + 1)]);
}

export function unsqueeze(rt: Runtime, x: Tensor, dim: number): Tensor {
  if (!hasRank(x.shape)) return reshapeTo(rt, x, x.shape.as('…'));
  const at = axisNumber(dim, x.shape.length + 1, rt);
  return reshapeTo(rt, x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Axes of size 1 go; an axis that is named and whose size isn't known is taken to be of size 1. */
export function squeeze(rt: Runtime, x: Tensor, dim: Value): Tensor {
  if (!hasRank(x.shape)) return reshapeTo(rt, x, x.shape.as('…'));
  const named = dim === null ? null : new Set(axesOf(dim, x.shape.length, rt));
  const shape = x.shape.filter((s, i) => (named ? !named.has(i) || (s !== 1 && !(s instanceof Unknown)) : s !== 1));
  return shape.length === x.shape.length ? viewAs(rt, x) : reshapeTo(rt, x, shape);
}

const viewMethod = op('view', 'input, *shape, dtype=None', (x, a, rt) => {
  const args = (a.shape as Tuple).items;
  if (args[0] instanceof DTypeValue || a.dtype !== null) return x;
  const shape = resolve(rt, x.shape, shapeFrom(args, rt));
  const layout = layoutOf(x);
  if (layout && isComplete(x.shape) && isComplete(shape) && !viewStrides(x.shape, layout.strides, shape))
    rt.raise(
      'RuntimeError',
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    );
  return reshapeTo(rt, x, shape);
});

const reshapeFunction = op('reshape', 'input, *shape', (x, a, rt) =>
  reshapeTo(rt, x, resolve(rt, x.shape, shapeFrom((a.shape as Tuple).items, rt))),
);

const flatten = op('flatten', 'input, start_dim=0, end_dim=-1', (x, a, rt) =>
  flattenAxes(rt, x, integer(a.start_dim, 'start_dim', rt), integer(a.end_dim, 'end_dim', rt)),
);

const unflatten = op('unflatten', 'input, dim, sizes', (x, a, rt) => {
  if (!hasRank(x.shape)) return reshapeTo(rt, x, x.shape);
  const at = axisOf(a.dim, x.shape.length, rt);
  const wanted = shapeFrom(itemsOf(a.sizes, rt) ? [a.sizes] : [new Tuple([a.sizes])], rt);
  const inner = resolve(rt, [x.shape[at]!], wanted);
  return reshapeTo(rt, x, hasRank(inner) ? [...x.shape.slice(0, at), ...inner, ...x.shape.slice(at + 1)] : inner);
});

const ravel = op('ravel', 'input', (x, _a, rt) => flattenAxes(rt, x, 0, -1));
const squeezeFunction = op('squeeze', 'input, *dim', (x, a, rt) => {
  const dims = (a.dim as Tuple).items;
  return squeeze(rt, x, dims.length === 0 ? null : dims.length === 1 ? (dims[0] as Value) : new Tuple(dims));
});
const unsqueezeFunction = op('unsqueeze', 'input, dim', (x, a, rt) => unsqueeze(rt, x, integer(a.dim, 'dim', rt)));

const shared = { flatten, unflatten, ravel, squeeze: squeezeFunction, unsqueeze: unsqueezeFunction };

/** `atleast_2d` and the like, for one tensor. */
const atLeast = (name: string, rank: number) =>
  op(name, 'input', (x, _a, rt) => {
    let t = x;
    while (hasRank(t.shape) && t.shape.length < rank) t = unsqueeze(rt, t, t.shape.length === 2 ? 2 : 0);
    return t;
  });

export const reshaping: Family = {
  torch: {
    ...shared,
    reshape: reshapeFunction,
    atleast_1d: atLeast('atleast_1d', 1),
    atleast_2d: atLeast('atleast_2d', 2),
    atleast_3d: atLeast('atleast_3d', 3),
  },
  methods: {
    ...shared,
    reshape: reshapeFunction,
    view: viewMethod,
    view_as: op('view_as', 'input, other', (x, a, rt) =>
      reshapeTo(rt, x, resolve(rt, x.shape, tensorArgument(a.other, 'view_as', 'other', rt).shape)),
    ),
    reshape_as: op('reshape_as', 'input, other', (x, a, rt) =>
      reshapeTo(rt, x, resolve(rt, x.shape, tensorArgument(a.other, 'reshape_as', 'other', rt).shape)),
    ),
  },
};
