import { builtinClasses } from '../../python/library/index.js';
import { ClassValue, NativeObject, type Runtime, type Value } from '../../python/values/index.js';
import type { DType } from './tensor.js';

/** `torch.dtype`, for isinstance. */
export const dtypeClass = new ClassValue('dtype', [builtinClasses.object], builtinClasses.object.mro, null, undefined);

/** `torch.float32` and its like. Tensors know only the coarse kind. */
export class DTypeValue extends NativeObject {
  readonly typeName = 'dtype';
  constructor(
    readonly name: string,
    readonly kind: DType,
    readonly bits: number,
  ) {
    super();
  }
  override getAttribute(name: string, runtime: Runtime): Value | undefined {
    switch (name) {
      case 'is_floating_point':
        return this.kind === 'float';
      case 'is_complex':
        return this.kind === 'complex';
      case 'is_signed':
        return !this.name.startsWith('uint') && this.kind !== 'bool';
      case 'itemsize':
        return Math.max(1, this.bits / 8);
      case '__str__':
      case '__repr__':
        return undefined;
      default:
        return name === 'name' ? this.repr(runtime) : undefined;
    }
  }
  override classOf(): ClassValue {
    return dtypeClass;
  }
  override repr(_runtime: Runtime): string {
    return `torch.${this.name}`;
  }
}

const TABLE: readonly (readonly [names: string, kind: DType, bits: number])[] = [
  ['float32 float', 'float', 32],
  ['float64 double', 'float', 64],
  ['float16 half', 'float', 16],
  ['bfloat16', 'float', 16],
  ['float8_e4m3fn', 'float', 8],
  ['float8_e5m2', 'float', 8],
  ['complex64 cfloat', 'complex', 64],
  ['complex128 cdouble', 'complex', 128],
  ['complex32 chalf', 'complex', 32],
  ['int64 long', 'int', 64],
  ['int32 int', 'int', 32],
  ['int16 short', 'int', 16],
  ['int8', 'int', 8],
  ['uint8', 'int', 8],
  ['uint16', 'int', 16],
  ['uint32', 'int', 32],
  ['uint64', 'int', 64],
  ['qint8', 'int', 8],
  ['quint8', 'int', 8],
  ['qint32', 'int', 32],
  ['bool', 'bool', 8],
];

/** `torch.xxx` for every dtype, aliases included. */
export const dtypes: Readonly<Record<string, DTypeValue>> = Object.fromEntries(
  TABLE.flatMap(([names, kind, bits]) => {
    const all = names.split(' ');
    const value = new DTypeValue(all[0]!, kind, bits);
    return all.map((n) => [n, value] as const);
  }),
);

const OF_KIND: Readonly<Record<DType, string>> = { float: 'float32', int: 'int64', bool: 'bool', complex: 'complex64' };

export function dtypeValue(kind: DType): DTypeValue {
  return dtypes[OF_KIND[kind]]!;
}

const BUILTIN: Readonly<Record<string, DType>> = { float: 'float', int: 'int', bool: 'bool', complex: 'complex' };

/** The kind that a `dtype=` argument asks for; `undefined` for None and for what isn't known. */
export function kindOf(v: Value | undefined): DType | undefined {
  if (v instanceof DTypeValue) return v.kind;
  if (v instanceof ClassValue) return BUILTIN[v.name];
  if (typeof v === 'string')
    return dtypes[v.replace('torch.', '')]?.kind ?? TENSOR_TYPES[v.replace(/^torch\.(cuda\.)?/, '')];
  return undefined;
}

/** Old tensor types (`torch.FloatTensor`), by name. */
export const TENSOR_TYPES: Readonly<Record<string, DType>> = {
  Tensor: 'float',
  FloatTensor: 'float',
  DoubleTensor: 'float',
  HalfTensor: 'float',
  BFloat16Tensor: 'float',
  LongTensor: 'int',
  IntTensor: 'int',
  ShortTensor: 'int',
  CharTensor: 'int',
  ByteTensor: 'int',
  BoolTensor: 'bool',
};

const RANK: readonly DType[] = ['bool', 'int', 'float', 'complex'];

/** The kind of a result of two tensors. */
export function promote(a: DType, b: DType): DType {
  return RANK[Math.max(RANK.indexOf(a), RANK.indexOf(b))]!;
}
