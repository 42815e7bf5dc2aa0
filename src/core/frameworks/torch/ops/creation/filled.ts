import { normal, uniform } from '../../../../initializers/index.js';
import { Float, Tuple, type NativeFunction, type Runtime, type Value } from '../../../../python/values/index.js';
import type { DType } from '../../tensor.js';
import { fn, op, type Family } from '../kit/define.js';
import { constantContent, unknownContent, type Content } from '../kit/make.js';
import type { Shape } from '../kit/sizes.js';
import { itemsOf, numberOf, shapeFrom, tensorOf } from '../kit/values.js';
import { made, OPTIONS } from './options.js';

type Fill = (shape: Shape) => Content;

const zeros: Fill = () => constantContent(0);
const ones: Fill = () => constantContent(1);
const empty: Fill = () => ({ distribution: { kind: 'uninitialized' } });
const rand: Fill = () => ({ distribution: uniform(0, 1) });
const randn: Fill = () => ({ distribution: normal(0, 1) });

const FILLS: readonly (readonly [name: string, fill: Fill])[] = [
  ['zeros', zeros],
  ['ones', ones],
  ['empty', empty],
  ['rand', rand],
  ['randn', randn],
];

const sized = (name: string, fill: Fill): NativeFunction =>
  fn(name, `*size, ${OPTIONS}`, (a, rt) => {
    const shape = shapeFrom((a.size as Tuple).items, rt);
    return made(rt, name, shape, a, 'float', fill(shape));
  });

const like = (name: string, fill: Fill): NativeFunction =>
  op(name, `input, ${OPTIONS}`, (x, a, rt) => made(rt, name, x.shape, a, x.dtype, fill(x.shape)));

const fresh = (name: string, fill: Fill): NativeFunction =>
  op(name, `input, *size, ${OPTIONS}`, (x, a, rt) => {
    const shape = shapeFrom((a.size as Tuple).items, rt);
    return made(rt, name, shape, a, x.dtype, fill(shape));
  });

function fullContent(value: Value): Content {
  const n = numberOf(value);
  if (n !== undefined) return constantContent(n);
  const reason = tensorOf(value) ? 'filled with the entry of another tensor' : 'filled with a value that is not known';
  return unknownContent(reason);
}

function kindOfNumber(v: Value): DType {
  if (typeof v === 'boolean') return 'bool';
  if (v instanceof Float) return 'float';
  return typeof v === 'number' ? 'int' : (tensorOf(v)?.dtype ?? 'float');
}

const shapeOf = (size: Value, rt: Runtime): Shape => shapeFrom(itemsOf(size, rt) ? [size] : [new Tuple([size])], rt);

export const filled: Family = {
  torch: {
    ...Object.fromEntries(FILLS.map(([name, fill]) => [name, sized(name, fill)])),
    ...Object.fromEntries(FILLS.map(([name, fill]) => [`${name}_like`, like(`${name}_like`, fill)])),
    full: fn('full', `size, fill_value, ${OPTIONS}`, (a, rt) => {
      const shape = shapeOf(a.size, rt);
      return made(rt, 'full', shape, a, kindOfNumber(a.fill_value), fullContent(a.fill_value));
    }),
    full_like: op('full_like', `input, fill_value, ${OPTIONS}`, (x, a, rt) =>
      made(rt, 'full_like', x.shape, a, x.dtype, fullContent(a.fill_value)),
    ),
    empty_strided: fn('empty_strided', `size, stride, ${OPTIONS}`, (a, rt) => {
      const shape = shapeOf(a.size, rt);
      return made(rt, 'empty_strided', shape, a, 'float', empty(shape));
    }),
  },
  methods: {
    new_zeros: fresh('new_zeros', zeros),
    new_ones: fresh('new_ones', ones),
    new_empty: fresh('new_empty', empty),
    new: fresh('new', empty),
    new_full: op('new_full', `input, size, fill_value, ${OPTIONS}`, (x, a, rt) => {
      const shape = shapeOf(a.size, rt);
      return made(rt, 'new_full', shape, a, x.dtype, fullContent(a.fill_value));
    }),
  },
};
