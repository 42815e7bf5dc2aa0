import { symmetricUniform } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import type { Table } from '../kit/define.js';
import { plus, symbol } from '../kit/sizes.js';
import { normalOf, uniformOf, unlessEmpty } from './checks.js';
import { fanNamed, fansOf, fanText, gainOf } from './fans.js';
import { amount, because, initializer } from './fill.js';

type Draw = (std: number, rt: Runtime) => Distribution;

const normals: Draw = (std, rt) => normalOf(0, std, rt);
/** U(±√3·std): a negative gain turns the bounds round, which torch refuses. */
const uniforms: Draw = (std, rt) => {
  const bound = Math.sqrt(3) * std;
  return std < 0 ? uniformOf(-bound, bound, rt) : symmetricUniform(std);
};

function unknown(reason: string): Distribution {
  return { kind: 'unknown', reason };
}

/** A gain as a reader knows it. */
function gainText(gain: number): string {
  return gain === Math.SQRT2 ? '√2' : String(Number(gain.toPrecision(5)));
}

/** std = gain·√(2/(fan_in + fan_out)). */
function xavier(t: Tensor, given: Value, rt: Runtime, draw: Draw): Distribution {
  const { fanIn, fanOut } = fansOf(t, rt);
  const gain = amount(given, 'gain', rt);
  if (typeof gain !== 'number') return unknown(because('gain', gain));
  const sum = plus(fanIn, fanOut);
  if (typeof sum === 'number') {
    if (sum === 0) rt.raise('ZeroDivisionError', 'float division by zero');
    return draw(gain * Math.sqrt(2 / sum), rt);
  }
  const front = gain === 1 ? '' : `${gainText(gain)}·`;
  return unknown(`std is ${front}√(2/(fan_in + fan_out)), ${fanText('fan_in', fanIn)}, ${fanText('fan_out', fanOut)}`);
}

/** std = gain/√fan. */
function kaiming(t: Tensor, a: Readonly<Record<string, Value>>, rt: Runtime, draw: Draw): Distribution {
  const { name, fan } = fanNamed(t, a['mode'] ?? null, rt);
  const gain = gainOf(a['nonlinearity'] ?? null, a['a'] ?? null, rt);
  if (typeof fan === 'number' && typeof gain === 'number') return draw(gain / Math.sqrt(fan), rt);
  if (typeof gain !== 'number')
    return unknown(`std is gain/√${name} = gain/√${bracket(symbol(fan))}, ${because('gain', gain)}`);
  return unknown(`std is ${gainText(gain)}/√${name}, ${fanText(name, fan)}`);
}

function bracket(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}

const KAIMING = "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None";

const kaimingOf = (name: string, draw: Draw): Table =>
  initializer(name, 'shape', KAIMING, (t, a, rt) => unlessEmpty(t, () => kaiming(t, a, rt, draw)));

const xavierOf = (name: string, draw: Draw): Table =>
  initializer(name, 'dim', 'gain=1.0, generator=None', (t, a, rt) => xavier(t, a['gain'] ?? null, rt, draw));

/** Initializers whose scale comes from the tensor's fans. */
export const scaledByFans: Table = {
  ...xavierOf('xavier_uniform_', uniforms),
  ...xavierOf('xavier_normal_', normals),
  ...kaimingOf('kaiming_uniform_', uniforms),
  ...kaimingOf('kaiming_normal_', normals),
};
