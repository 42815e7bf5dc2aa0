import { Float, NativeObject, PyObject, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import { dtypeValue, kindOf } from '../../dtype.js';
import type { DType, Size, Tensor } from '../../tensor.js';
import { rememberParts } from '../kit/complex.js';
import { fn, op, type Family } from '../kit/define.js';
import { entries, MAX_ENTRIES } from '../kit/entries.js';
import { compute, dataContent, isTraced, makeConstant, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete } from '../kit/sizes.js';
import { flag, itemsOf, numberOf, tensorOf, tensorsIn } from '../kit/values.js';
import { count } from '../storage/layout.js';
import { contentOf } from '../storage/write.js';
import { fromArray } from './from-array.js';

interface Nested {
  readonly shape: Size[];
  readonly values: (number | Unknown)[];
  kind: DType;
}

/** A nested list of numbers, as `torch.tensor` takes it. */
function read(v: Value, rt: Runtime): Nested | undefined {
  const items = itemsOf(v, rt);
  if (!items) return leaf(v, rt);
  rt.spend(1 + Math.ceil(items.length / 16));
  const parts = items.map((i) => read(i, rt));
  const [first] = parts;
  if (!first) return items.length === 0 ? { shape: [0], values: [], kind: 'float' } : undefined;
  const out: Nested = { shape: [items.length, ...first.shape], values: [], kind: 'bool' };
  for (const [i, p] of parts.entries()) {
    if (!p) return undefined;
    if (p.shape.length !== first.shape.length)
      rt.raise(
        'ValueError',
        `expected sequence of length ${String(first.shape[0] ?? 0)} at dim 1 (got ${String(p.shape[0] ?? 0)})`,
      );
    if (p.shape.some((s, k) => typeof s === 'number' && typeof first.shape[k] === 'number' && s !== first.shape[k]))
      rt.raise(
        'ValueError',
        `expected sequence of length ${String(first.shape[0])} at dim 1 (got ${String(p.shape[0])})`,
      );
    if (out.values.length <= MAX_ENTRIES) for (const x of p.values) out.values.push(x);
    if (i === 0 || rank(p.kind) > rank(out.kind)) out.kind = p.kind;
  }
  return out;
}

function rank(kind: DType): number {
  return ['bool', 'int', 'float', 'complex'].indexOf(kind);
}

function leaf(v: Value, rt: Runtime): Nested | undefined {
  if (v instanceof Unknown) return { shape: [], values: [v], kind: 'float' };
  const t = tensorOf(v);
  if (t) {
    if (!isComplete(t.shape)) return undefined;
    const unknown = rt.unknown('an entry of another tensor');
    const data =
      entries(t) ??
      new Array<Unknown>(
        Math.min(
          MAX_ENTRIES,
          t.shape.reduce((a, b) => a * b, 1),
        ),
      ).fill(unknown);
    return { shape: [...t.shape], values: [...data], kind: t.dtype };
  }
  const n = numberOf(v);
  if (n === undefined) return undefined;
  const kind = typeof v === 'boolean' ? 'bool' : v instanceof Float ? 'float' : Number.isInteger(n) ? 'int' : 'float';
  return { shape: [], values: [n], kind };
}

function contentOfNested(n: Nested, what: string): Content {
  if (n.values.some((v) => v instanceof Unknown)) return unknownContent('made of values that are not known');
  const total = isComplete(n.shape) ? count(n.shape) : n.values.length;
  const content = dataContent(n.values as number[], what);
  return total === n.values.length ? content : { distribution: content.distribution };
}

/** `torch.tensor(x)` and its relatives: a tensor of a list, a number, an array or another tensor. */
export function tensorFrom(rt: Runtime, what: string, source: Value, dtype: Value): Value {
  const kind = kindOf(dtype);
  const t = tensorOf(source);
  if (t) {
    if (isTraced([t])) return t;
    return makeConstant(rt, what, t.shape, kind ?? t.dtype, { ...contentOf(t), setBy: undefined });
  }
  if (source instanceof Unknown) {
    return makeConstant(rt, what, source.as('…'), kind ?? 'float', unknownContent(source.reason));
  }
  const nested = read(source, rt);
  if (nested) {
    const parts = tensorsIn([source]);
    if (isTraced(parts))
      return opaque(rt, what, 'entries computed in forward', parts, {
        shape: nested.shape,
        dtype: kind ?? nested.kind,
      });
    return makeConstant(rt, what, nested.shape, kind ?? nested.kind, contentOfNested(nested, what));
  }
  const array = source instanceof NativeObject ? fromArray(source, rt) : undefined;
  if (array) return makeConstant(rt, what, array.shape, kind ?? array.dtype, array.content);
  if (source instanceof PyObject) {
    const items = rt.findAttr(source, '__iter__') || rt.findAttr(source, '__len__') ? rt.toArray(source) : undefined;
    if (items) return tensorFrom(rt, what, rt.call(rt.builtin('list'), [source]), dtype);
  }
  return makeConstant(
    rt,
    what,
    rt.unknown('the shape of what this tensor is made of', '…'),
    kind ?? 'float',
    unknownContent('made of values that are not known'),
  );
}

const from = (name: string): Value =>
  fn(name, 'data, dtype=None, device=None, requires_grad=False, pin_memory=False, copy=None', (a, rt) => {
    const t = tensorFrom(rt, name, a.data, a.dtype);
    const made = tensorOf(t);
    if (made && flag(a.requires_grad, rt)) made.requiresGrad = true;
    return t;
  });

/** `as_tensor` and `from_numpy` share memory with a tensor that is given. */
const sharing = (name: string): Value =>
  fn(name, 'data, dtype=None, device=None', (a, rt) => tensorOf(a.data) ?? tensorFrom(rt, name, a.data, a.dtype));

export const fromData: Family = {
  torch: {
    tensor: from('tensor'),
    asarray: from('asarray'),
    scalar_tensor: from('scalar_tensor'),
    as_tensor: sharing('as_tensor'),
    from_numpy: sharing('from_numpy'),
    frombuffer: sharing('frombuffer'),
    complex: op('complex', 'real, imag', (x, a, rt) => {
      const inputs = tensorsIn([x, a.imag]);
      const z = compute(rt, { kind: 'opaque', name: 'complex', reason: 'a complex number' }, inputs, {
        shape: x.shape,
        dtype: 'complex',
      });
      const [real, imag] = inputs;
      return real && imag ? rememberParts(z, { real, imag }) : z;
    }),
    polar: op('polar', 'abs, angle', (x, a, rt) => {
      const inputs: Tensor[] = tensorsIn([x, a.angle]);
      const shape = inputs[1] && hasRank(inputs[1].shape) ? inputs[1].shape : x.shape;
      const z = compute(rt, { kind: 'opaque', name: 'polar', reason: 'a complex number' }, inputs, {
        shape,
        dtype: 'complex',
      });
      const [abs, angle] = inputs;
      return abs && angle ? rememberParts(z, { abs, angle }) : z;
    }),
  },
  methods: {
    new_tensor: op('new_tensor', 'input, data, dtype=None, device=None, requires_grad=False', (x, a, rt) =>
      tensorFrom(rt, 'new_tensor', a.data, a.dtype ?? dtypeValue(x.dtype)),
    ),
  },
};
