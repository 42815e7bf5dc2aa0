import type { NativeFunction, Runtime, Tuple } from '../../../../python/values/index.js';
import { DTypeValue, kindOf } from '../../dtype.js';
import type { DType, Tensor } from '../../tensor.js';
import { op, type Table } from '../kit/define.js';
import { compute, isTraced, makeConstant } from '../kit/make.js';
import { tensorOf } from '../kit/values.js';
import { mapEntries } from '../pointwise/apply.js';
import { contentOf } from '../storage/write.js';

/** Another kind of number; floats of every width are one kind here. */
export function toKind(rt: Runtime, x: Tensor, kind: DType | undefined): Tensor {
  if (kind === undefined || kind === x.dtype) return x;
  const isWidening = kind === 'float' || kind === 'complex' || (kind === 'int' && x.dtype === 'bool');
  if (isTraced([x])) {
    const [factor, offset] = [1, 0];
    if (isWidening) return compute(rt, { kind: 'affine', factor, offset }, [x], { shape: x.shape, dtype: kind });
    return compute(rt, { kind: 'opaque', name: 'to', reason: 'rounded to integers' }, [x], {
      shape: x.shape,
      dtype: kind,
    });
  }
  const f =
    kind === 'bool'
      ? (v: number) => Number(v !== 0)
      : kind === 'int' && x.dtype !== 'bool'
        ? Math.trunc
        : (v: number) => v;
  if (isWidening) return makeConstant(rt, 'to', x.shape, kind, contentOf(x));
  return mapEntries(rt, x, { kind: 'opaque', name: 'to', reason: 'rounded to integers' }, f, kind);
}

/** `.to(…)`: a dtype among the arguments counts, a device doesn't. */
const to = op('to', 'input, *args, dtype=None, device=None, **kwargs', (x, a, rt) => {
  const args = (a.args as Tuple).items;
  const other = args.map((v) => tensorOf(v)).find((t) => t !== undefined);
  const kind =
    kindOf(a.dtype) ??
    args.map((v) => (v instanceof DTypeValue ? v.kind : undefined)).find((k) => k !== undefined) ??
    other?.dtype;
  return toKind(rt, x, kind);
});

const type = op('type', 'input, dtype=None, non_blocking=False', (x, a, rt) => {
  if (a.dtype === null)
    return {
      float: 'torch.FloatTensor',
      int: 'torch.LongTensor',
      bool: 'torch.BoolTensor',
      complex: 'torch.ComplexFloatTensor',
    }[x.dtype];
  return toKind(rt, x, kindOf(a.dtype));
});

const cast = (name: string, kind: DType): NativeFunction =>
  op(name, 'input, **kwargs', (x, _a, rt) => toKind(rt, x, kind));

const CASTS: Readonly<Record<string, DType>> = {
  float: 'float',
  double: 'float',
  half: 'float',
  bfloat16: 'float',
  int: 'int',
  long: 'int',
  short: 'int',
  char: 'int',
  byte: 'int',
  bool: 'bool',
  cfloat: 'complex',
  cdouble: 'complex',
};

/** Methods that give a tensor of another kind of number. */
export const casts: Table = {
  to,
  type,
  type_as: op('type_as', 'input, other', (x, a, rt) => toKind(rt, x, tensorOf(a.other)?.dtype)),
  ...Object.fromEntries(Object.entries(CASTS).map(([name, kind]) => [name, cast(name, kind)])),
};
