import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { asArray, axesFrom } from './convert.js';
import type { NdArray } from './ndarray.js';

/** One axis, made non-negative. */
export function oneAxis(value: Value, rank: number, runtime: Runtime): number | Unknown {
  const axes = axesFrom(value, rank, runtime);
  return axes instanceof Unknown ? axes : (axes?.[0] ?? 0);
}

/** A function of one array that gives an array. */
export function onArray(
  name: string,
  signature: string,
  body: (a: NdArray, args: Readonly<Record<string, Value>>, runtime: Runtime) => Value,
): NativeFunction {
  return native(name, signature, (args: Readonly<Record<string, Value>>, runtime) => {
    const [first = null] = Object.values(args);
    const a = asArray(first, runtime);
    return a instanceof Unknown ? a.as(`np.${name}()`) : body(a, args, runtime);
  });
}
