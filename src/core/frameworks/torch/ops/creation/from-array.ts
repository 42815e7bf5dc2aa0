import { List, Tuple, Unknown, type PyObject, type Runtime, type Value } from '../../../../python/values/index.js';
import type { DType } from '../../tensor.js';
import { MAX_ENTRIES } from '../kit/entries.js';
import { dataContent, unknownContent, type Content } from '../kit/make.js';
import { isComplete, type Shape } from '../kit/sizes.js';
import { itemsOf, numberOf, sizeOf } from '../kit/values.js';

/** What a numpy array (anything with `shape`, `dtype` and `tolist`) holds; `undefined` for other objects. */
export function fromArray(
  array: PyObject,
  rt: Runtime,
): { readonly shape: Shape; readonly dtype: DType; readonly content: Content } | undefined {
  const sizes = rt.findAttr(array, 'shape');
  if (sizes === undefined) return undefined;
  const items = itemsOf(sizes, rt);
  const shape: Shape = items ? items.map((s) => sizeOf(s, rt)) : rt.unknown('the shape of an array', '…');
  return { shape, dtype: dtypeOf(array, rt), content: contentOf(array, shape, rt) };
}

function dtypeOf(array: PyObject, rt: Runtime): DType {
  const dtype = rt.findAttr(array, 'dtype');
  const name = dtype === undefined || dtype instanceof Unknown ? '' : rt.str(dtype);
  if (name.includes('bool')) return 'bool';
  if (name.includes('complex')) return 'complex';
  return name.includes('int') ? 'int' : 'float';
}

function contentOf(array: PyObject, shape: Shape, rt: Runtime): Content {
  const toList = rt.findAttr(array, 'tolist');
  const count = isComplete(shape) ? shape.reduce((a, b) => a * b, 1) : Infinity;
  if (toList !== undefined && count <= MAX_ENTRIES) {
    const values = flatten(rt.call(toList));
    if (values?.length === count) return dataContent(values, 'from_numpy');
  }
  return unknownContent('made of an array whose entries are not known');
}

function flatten(v: Value): number[] | undefined {
  if (!(v instanceof List || v instanceof Tuple)) {
    const n = numberOf(v);
    return n === undefined ? undefined : [n];
  }
  const out: number[] = [];
  for (const item of v.items) {
    const part = flatten(item);
    if (!part) return undefined;
    out.push(...part);
  }
  return out;
}
