import { NativeFunction, type Value } from '../../../../python/values/index.js';
import type { Table } from '../kit/define.js';
import { tensorOf } from '../kit/values.js';
import { assignInPlace } from '../storage/write.js';

/** Methods whose name with an underscore does the same in place. */
const NOT_IN_PLACE = new Set([
  'max',
  'min',
  'sum',
  'mean',
  'view',
  'reshape',
  'expand',
  'repeat',
  'split',
  'chunk',
  'clone',
  'bernoulli',
  'normal',
]);

/** `x.name_(…)`: x becomes what `x.name(…)` gives. */
export function inPlace(name: string, plain: NativeFunction): NativeFunction {
  return new NativeFunction(`${name}_`, (rt, args, kwargs) => {
    const target = tensorOf(args[0]);
    const result: Value = plain.call(rt, args, kwargs);
    const made = tensorOf(result);
    if (!target || !made) return args[0] ?? null;
    assignInPlace(target, made, `${name}_`, rt);
    return args[0] as Value;
  });
}

/** Finds `name`, or makes the in-place form of the method without its underscore. */
export function withInPlace(methods: Table): (name: string) => NativeFunction | undefined {
  const made = new Map<string, NativeFunction>();
  return (name) => {
    const own = Object.hasOwn(methods, name) ? methods[name] : made.get(name);
    if (own || !name.endsWith('_') || name.endsWith('__')) return own;
    const base = name.slice(0, -1);
    const plain = Object.hasOwn(methods, base) && !NOT_IN_PLACE.has(base) ? methods[base] : undefined;
    if (!plain) return undefined;
    const method = inPlace(base, plain);
    made.set(name, method);
    return method;
  };
}
