import type { KnownDistribution } from '../../../model/distribution.js';
import type { Runtime } from '../../values/runtime.js';
import { Unknown, type Value } from '../../values/index.js';
import { isInt, realOf, unwrap } from '../support/numbers.js';
import { BOOL, FLOAT, INT, promote, type DType } from './dtypes.js';
import { asArray } from './convert.js';
import { MAX_ENTRIES, NdArray, count, result, type Lack } from './ndarray.js';

export function broadcastShapes(a: readonly number[], b: readonly number[], runtime: Runtime): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      runtime.raise(
        'ValueError',
        `operands could not be broadcast together with shapes (${a.join(',')}) (${b.join(',')})`,
      );
    }
    return x === 1 ? y : x;
  });
}

/** For each entry of `shape` the position of the entry of an array of shape `from` that stands there. */
export function positions(from: readonly number[], shape: readonly number[]): (i: number) => number {
  if (from.length === shape.length && from.every((d, k) => d === shape[k])) return (i) => i;
  const size = count(from);
  if (size === 1) return () => 0;
  const strides: [length: number, stride: number][] = [];
  let stride = 1;
  for (let k = shape.length - 1; k >= 0; k--) {
    const own = from[k - shape.length + from.length] ?? 1;
    strides.push([shape[k] ?? 1, own === 1 ? 0 : stride]);
    stride *= own;
  }
  return (i) => {
    let rest = i;
    let at = 0;
    for (const [length, step] of strides) {
      at += (rest % length) * step;
      rest = Math.floor(rest / length);
    }
    return at;
  };
}

/** `array` repeated to `shape`. */
export function broadcastTo(array: NdArray, shape: readonly number[]): NdArray {
  const at = positions(array.shape, shape);
  const { data } = array;
  return new NdArray(
    shape,
    data && count(shape) <= MAX_ENTRIES ? Array.from({ length: count(shape) }, (_, i) => data[at(i)] ?? NaN) : null,
    array.dtype,
    array.lack,
  );
}

/** How a binary function chooses the dtype of what it gives. */
export type Typing = 'promote' | 'float' | 'bool';

export interface BinaryFunction {
  readonly apply: (x: number, y: number) => number;
  readonly typing: Typing;
  /** What a constant on one side makes of a distribution; `undefined` where the outcome has no simple one. */
  readonly onDistribution?: (
    d: KnownDistribution,
    constant: number,
    constantIsLeft: boolean,
  ) => KnownDistribution | undefined;
}

/** Plain numbers take part without deciding the dtype, unless they are of a higher kind. */
function typeOf(a: NdArray, b: NdArray, aIsPlain: boolean, bIsPlain: boolean): DType {
  const rank = ['bool', 'int', 'float', 'complex'];
  if (aIsPlain !== bIsPlain) {
    const [array, plain] = aIsPlain ? [b, a] : [a, b];
    if (rank.indexOf(plain.kind) <= rank.indexOf(array.kind)) return array.dtype;
    return plain.kind === 'float'
      ? array.dtype.bits <= 16
        ? plain.dtype
        : FLOAT
      : plain.kind === 'int'
        ? INT
        : plain.dtype;
  }
  return promote(a.dtype, b.dtype);
}

const isPlain = (v: Value): boolean => isInt(unwrap(v)) || realOf(v) !== undefined;

/** Applies a function of two numbers entry by entry. */
export function binaryFunction(f: BinaryFunction, left: Value, right: Value, runtime: Runtime): Value {
  const [a, b] = [asArray(left, runtime), asArray(right, runtime)];
  if (a instanceof Unknown) return a;
  if (b instanceof Unknown) return b;
  const shape = broadcastShapes(a.shape, b.shape, runtime);
  const promoted = typeOf(a, b, isPlain(left), isPlain(right));
  const type =
    f.typing === 'bool'
      ? BOOL
      : f.typing === 'float' && (promoted.kind === 'int' || promoted.kind === 'bool')
        ? FLOAT
        : promoted;
  const size = count(shape);
  const [x, y] = [a.data, b.data];
  if (!x || !y || size > MAX_ENTRIES) return result(shape, null, type, lackOf(f, a, b, shape, runtime), runtime);
  runtime.allocate(size);
  const [p, q] = [positions(a.shape, shape), positions(b.shape, shape)];
  const data = Array.from({ length: size }, (_, i) => f.apply(x[p(i)] ?? NaN, y[q(i)] ?? NaN));
  return result(shape, data, type, null, runtime);
}

function lackOf(f: BinaryFunction, a: NdArray, b: NdArray, shape: readonly number[], runtime: Runtime): Lack {
  const why = a.lack?.why ?? b.lack?.why ?? runtime.unknown('this array has too many entries to be kept', 'array');
  const [random, constant, constantIsLeft] = a.distribution ? [a, b, false] : [b, a, true];
  const value = constant.size === 1 ? constant.data?.[0] : undefined;
  const keepsShape = count(random.shape) === count(shape);
  if (!random.distribution || value === undefined || !keepsShape) return { why };
  return { why, distribution: f.onDistribution?.(random.distribution, value, constantIsLeft) };
}

/** scale·d + shift. */
export function affine(d: KnownDistribution, scale: number, shift: number): KnownDistribution | undefined {
  const [mean, std] = [d.mean * scale + shift, d.std * Math.abs(scale)];
  switch (d.kind) {
    case 'normal':
      return { kind: 'normal', mean, std };
    case 'uniform': {
      const ends = [d.low * scale + shift, d.high * scale + shift];
      return { kind: 'uniform', mean, std, low: Math.min(...ends), high: Math.max(...ends) };
    }
    case 'constant':
      return { kind: 'constant', mean, std: 0 };
    default:
      return undefined;
  }
}

/** Applies a function of one number entry by entry; plain numbers stay plain. */
export function unaryFunction(
  value: Value,
  apply: (x: number) => number,
  typing: Typing | 'float',
  runtime: Runtime,
): Value {
  const a = asArray(value, runtime);
  if (a instanceof Unknown) return a;
  const type =
    typing === 'bool' ? BOOL : typing === 'float' && (a.kind === 'int' || a.kind === 'bool') ? FLOAT : a.dtype;
  runtime.allocate(a.size);
  return result(a.shape, a.data?.map(apply) ?? null, type, a.lack ? { why: a.lack.why } : null, runtime);
}
