import { ClassValue, NativeFunction, Tuple, type Value } from '../../../../python/values/index.js';
import { TENSOR_TYPES } from '../../dtype.js';
import { tensorFrom } from '../creation/from-data.js';
import type { Table } from '../kit/define.js';
import { makeConstant } from '../kit/make.js';
import { numberOf, shapeFrom, tensorOf } from '../kit/values.js';
import { Unknown } from '../../../../python/values/index.js';

/** The class torch.Tensor: what `isinstance` and subclasses see. Fresh for one evaluation, because user code may patch it. */
export function createTensorClass(object: ClassValue, methods: Table): ClassValue {
  const cls = new ClassValue('Tensor', [object], object.mro, null, undefined);
  for (const [name, method] of Object.entries(methods)) cls.names.set(name, method);
  cls.names.set('__new__', constructor('Tensor', true));
  return cls;
}

/** `torch.Tensor(2, 3)` is uninitialized memory; `torch.Tensor([1, 2])` holds what it is given. */
function constructor(name: string, isClass: boolean): NativeFunction {
  const dtype = TENSOR_TYPES[name] ?? 'float';
  return new NativeFunction(
    name,
    (rt, args) => {
      const given = isClass ? args.slice(1) : args;
      const [first] = given;
      const isSize = given.length !== 1 || typeof first === 'number' || isShape(first);
      if (isSize || first instanceof Unknown) {
        const shape = given.length === 0 ? [0] : shapeFrom(given, rt);
        return makeConstant(rt, name, shape, dtype, { distribution: { kind: 'uninitialized' } });
      }
      const t = tensorOf(tensorFrom(rt, name, first ?? null, null));
      if (t) t.dtype = dtype;
      return t ?? rt.unknown('a tensor');
    },
    true,
  );
}

/** A torch.Size counts as a size, a plain tuple as data. */
function isShape(v: Value | undefined): boolean {
  return v instanceof Tuple && v.attributes !== undefined && v.items.every((i) => numberOf(i) !== undefined);
}

/** torch.FloatTensor and the other old types: functions here. */
export const tensorTypes: Record<string, NativeFunction> = Object.fromEntries(
  Object.keys(TENSOR_TYPES).flatMap((name) => (name === 'Tensor' ? [] : [[name, constructor(name, false)] as const])),
);
