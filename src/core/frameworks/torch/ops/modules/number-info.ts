import { Float, native, NativeObject, type Value } from '../../../../python/values/index.js';
import { DTypeValue } from '../../dtype.js';

/** torch.finfo and torch.iinfo. */
class NumberInfo extends NativeObject {
  readonly typeName = 'finfo';
  constructor(private readonly fields: Readonly<Record<string, Value>>) {
    super();
  }
  override getAttribute(name: string): Value | undefined {
    return this.fields[name];
  }
}

const FLOATS: Readonly<Record<string, readonly [max: number, tiny: number, eps: number]>> = {
  float16: [65504, 6.103515625e-5, 9.765625e-4],
  bfloat16: [3.3895313892515355e38, 1.1754943508222875e-38, 0.0078125],
  float64: [Number.MAX_VALUE, 2.2250738585072014e-308, 2 ** -52],
};
const FLOAT32 = [3.4028234663852886e38, 1.1754943508222875e-38, 2 ** -23] as const;

export const finfo = native('finfo', 'type=None', ({ type }) => {
  const name = type instanceof DTypeValue ? type.name : 'float32';
  const [max, tiny, eps] = FLOATS[name] ?? FLOAT32;
  const fields = {
    max: new Float(max),
    min: new Float(-max),
    tiny: new Float(tiny),
    smallest_normal: new Float(tiny),
    eps: new Float(eps),
  };
  return new NumberInfo({
    ...fields,
    bits: type instanceof DTypeValue ? type.bits : 32,
    resolution: new Float(1e-6),
    dtype: name,
  });
});

export const iinfo = native('iinfo', 'type=None', ({ type }) => {
  const bits = type instanceof DTypeValue ? type.bits : 64;
  const unsigned = type instanceof DTypeValue && type.name.startsWith('uint');
  const max = 2 ** (unsigned ? bits : bits - 1) - 1;
  return new NumberInfo({
    max,
    min: unsigned ? 0 : -max - 1,
    bits,
    dtype: type instanceof DTypeValue ? type.name : 'int64',
  });
});
