import {
  Float,
  List,
  type NativeFunction,
  Tuple,
  Unknown,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { op, type Table } from '../kit/define.js';
import { entries } from '../kit/entries.js';
import { isTraced } from '../kit/make.js';
import { hasRank, isComplete, product } from '../kit/sizes.js';
import { numberOf, toPython } from '../kit/values.js';

/** What was read of tensors that forward computes, and of which. */
const READ = new WeakMap<object, Tensor>();

/** The tensor of forward whose entries a number, list or array holds. */
export function readFrom(v: Value): Tensor | undefined {
  return typeof v === 'object' && v !== null ? READ.get(v) : undefined;
}

/** Remembers which tensor it was made of. */
function remembering(x: Tensor, made: Value): Value {
  if (typeof made === 'object' && made !== null && isTraced([x])) READ.set(made, x);
  return made;
}

/** The one entry as a Python number. */
function item(x: Tensor, rt: Runtime): Value {
  const data = entries(x);
  if (data?.length === 1) return toPython(data[0]!, x.dtype);
  if (isComplete(x.shape) && (product(x.shape) as number) !== 1)
    rt.raise('RuntimeError', `a Tensor with ${String(product(x.shape))} elements cannot be converted to Scalar`);
  return rt.unknown(
    isTraced([x]) ? 'the value of a tensor that is computed in forward' : 'the entry of this tensor is not known',
  );
}

/** Entries as nested lists. */
function toList(x: Tensor, rt: Runtime): Value {
  const data = entries(x);
  if (!isComplete(x.shape)) return rt.unknown('the entries of a tensor of unknown size');
  const unknown = rt.unknown('an entry of a tensor that is not known');
  const { shape } = x;
  if ((product(shape) as number) > 1e5) return unknown;
  let next = 0;
  const build = (axis: number): Value => {
    if (axis === shape.length) {
      const v = data?.[next++];
      return v === undefined ? unknown : toPython(v, x.dtype);
    }
    return new List(Array.from({ length: shape[axis]! }, () => build(axis + 1)));
  };
  return build(0);
}

const asNumber = (name: string, convert: (n: number) => Value): NativeFunction =>
  op(name, 'input', (x, _a, rt) => {
    const v = remembering(x, item(x, rt));
    const n = numberOf(v);
    return n === undefined ? v : convert(n);
  });

/** numpy's array of the entries, where numpy and the entries are known. */
function numpy(x: Tensor, rt: Runtime): Value {
  const module = rt.importModule('numpy');
  if (module instanceof Unknown) return module;
  const list = toList(x, rt);
  if (list instanceof Unknown || !entries(x)) {
    const empty = rt.findAttr(module, 'empty');
    if (!hasRank(x.shape) || empty === undefined) return rt.unknown('the entries of a tensor');
    return rt.call(empty, [new Tuple(x.shape)]);
  }
  return rt.callMethod(module, 'array', [list]);
}

/** Methods that read entries as Python values. */
export const reading: Table = {
  item: op('item', 'input', (x, _a, rt) => remembering(x, item(x, rt))),
  tolist: op('tolist', 'input', (x, _a, rt) => remembering(x, toList(x, rt))),
  numpy: op('numpy', 'input, force=False', (x, _a, rt) => remembering(x, numpy(x, rt))),
  __array__: op('__array__', 'input, dtype=None', (x, _a, rt) => remembering(x, numpy(x, rt))),
  __float__: asNumber('__float__', (n) => new Float(n)),
  __int__: asNumber('__int__', Math.trunc),
  __index__: asNumber('__index__', Math.trunc),
  __bool__: asNumber('__bool__', (n) => n !== 0),
};
