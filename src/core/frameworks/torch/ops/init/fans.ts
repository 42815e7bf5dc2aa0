import { calculateGain, GainError } from '../../../../initializers/index.js';
import { Float, Tuple, Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { fn, type Table } from '../kit/define.js';
import { hasRank, product, symbol, times } from '../kit/sizes.js';
import { numberOf, plainNumber, tensorOf } from '../kit/values.js';
import type { Amount } from './fill.js';

export interface SizedFans {
  readonly fanIn: Size;
  readonly fanOut: Size;
}

/** torch's fans of a tensor (of a view: those of its own shape), with the user's symbols in unknown ones. */
export function fansOf(t: Tensor, rt: Runtime): SizedFans {
  if (!hasRank(t.shape)) return { fanIn: t.shape.as('fan_in'), fanOut: t.shape.as('fan_out') };
  const [out, into, ...kernel] = t.shape;
  if (out === undefined || into === undefined)
    return rt.raise('ValueError', 'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  const receptive = product(kernel);
  return { fanIn: times(into, receptive), fanOut: times(out, receptive) };
}

/** The fan that `mode` names; the mode is checked before the shape. */
export function fanNamed(t: Tensor, mode: Value, rt: Runtime): { readonly name: string; readonly fan: Size } {
  if (mode instanceof Unknown) return { name: 'fan', fan: mode };
  const name = typeof mode === 'string' ? mode.toLowerCase() : rt.str(rt.callMethod(mode, 'lower'));
  if (name !== 'fan_in' && name !== 'fan_out')
    return rt.raise('ValueError', `Mode ${name} not supported, please use one of ['fan_in', 'fan_out']`);
  const { fanIn, fanOut } = fansOf(t, rt);
  return { name, fan: name === 'fan_in' ? fanIn : fanOut };
}

/** `fan_in = hidden * 4` for sizes that aren't known. */
export function fanText(name: string, fan: Size): string {
  return typeof fan !== 'number' && (fan.symbol === '?' || fan.symbol === name)
    ? `${name} is not known: ${fan.reason}`
    : `${name} = ${symbol(fan)}`;
}

/** `calculate_gain(nonlinearity, param)`. */
export function gainOf(nonlinearity: Value, param: Value, rt: Runtime): Amount {
  if (nonlinearity instanceof Unknown) return nonlinearity;
  const name = typeof nonlinearity === 'string' ? nonlinearity : rt.str(nonlinearity);
  const slope = name === 'leaky_relu' ? slopeOf(param, rt) : undefined;
  if (slope instanceof Unknown) return slope;
  try {
    return calculateGain(name, slope);
  } catch (e) {
    if (e instanceof GainError) return rt.raise('ValueError', e.message);
    throw e;
  }
}

function slopeOf(param: Value, rt: Runtime): Amount | undefined {
  if (param === null) return undefined;
  const plain = tensorOf(param) ? param : plainNumber(param, rt);
  if (plain instanceof Unknown) return plain;
  const n = typeof plain === 'boolean' || tensorOf(plain) ? undefined : numberOf(plain);
  return n ?? rt.raise('ValueError', `negative_slope ${rt.str(param)} not a valid number`);
}

/** Python's `1` for the linear functions, floats for the others. */
function pythonGain(gain: Amount): Value {
  return gain === 1 || typeof gain !== 'number' ? gain : new Float(gain);
}

export const fanFunctions: Table = {
  calculate_gain: fn('calculate_gain', 'nonlinearity, param=None', (a, rt) =>
    pythonGain(gainOf(a.nonlinearity, a.param, rt)),
  ),
  _calculate_fan_in_and_fan_out: fn('_calculate_fan_in_and_fan_out', 'tensor', (a, rt) => {
    const t = tensorOf(a.tensor);
    if (!t) return ofOther(a.tensor, rt, (u) => new Tuple([u.as('fan_in'), u.as('fan_out')]));
    const { fanIn, fanOut } = fansOf(t, rt);
    return new Tuple([fanIn, fanOut]);
  }),
  _calculate_correct_fan: fn('_calculate_correct_fan', 'tensor, mode', (a, rt) => {
    const t = tensorOf(a.tensor);
    return t ? fanNamed(t, a.mode, rt).fan : ofOther(a.tensor, rt, (u) => u.as('fan'));
  }),
};

function ofOther(v: Value, rt: Runtime, unknown: (u: Unknown) => Value): Value {
  if (v instanceof Unknown) return unknown(v);
  rt.getAttr(v, 'dim');
  return unknown(rt.unknown('the fans of what is no tensor'));
}
