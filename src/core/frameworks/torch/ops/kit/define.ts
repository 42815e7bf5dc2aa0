import {
  Dict,
  native,
  NativeFunction,
  Tuple,
  Unknown,
  type Bound,
  type Runtime,
  type Value,
} from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { assignInPlace } from '../storage/write.js';
import { opaque, unknownShape } from './make.js';
import { tensorOf, tensorsIn, typeName, Undetermined } from './values.js';

export type Table = Record<string, NativeFunction>;

/** Functions by where Python finds them. */
export interface Family {
  /** torch.xxx */
  readonly torch?: Record<string, Value>;
  /** torch.nn.functional.xxx */
  readonly functional?: Record<string, Value>;
  /** Tensor.xxx(self, …) */
  readonly methods?: Table;
}

/** numpy's names for arguments, which torch takes as well. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  axis: 'dim',
  keepdims: 'keepdim',
  axes: 'dims',
  self: 'input',
  x: 'input',
  a: 'input',
  x1: 'input',
  x2: 'other',
};

interface ParameterNames {
  readonly names: ReadonlySet<string>;
  /** The one that gathers positions (`*size`). */
  readonly rest: string | undefined;
}

function parameterNames(signature: string): ParameterNames {
  const names = signature.split(',').map((p) => (p.split('=')[0] ?? '').replaceAll('*', '').trim());
  return { names: new Set(names), rest: /(?:^|[,\s])\*(\w+)/.exec(signature)?.[1] };
}

/** A function of TypeScript whose Unknown arguments make its result opaque instead of ending it. */
export function fn<S extends string>(
  name: string,
  signature: S,
  body: (args: Bound<S>, rt: Runtime) => Value,
): NativeFunction {
  let parameters: ParameterNames | undefined;
  const inner = native(name, signature, body);
  return new NativeFunction(name, (rt, args, kwargs) => {
    let given = kwargs;
    let out: Value = null;
    let gathered: Value | undefined;
    if (kwargs) {
      parameters ??= parameterNames(signature);
      ({ given, out } = renamed(parameters.names, kwargs));
      // `torch.zeros(size=(2, 3))`: torch takes what it gathers from positions by name as well.
      if (parameters.rest !== undefined) gathered = given.get(parameters.rest);
    }
    let result: Value;
    try {
      result = inner.call(rt, gathered === undefined ? args : [...args, gathered], given);
    } catch (e) {
      result = opaqueResult(rt, name, undetermined(e, name, rt), args, kwargs);
    }
    const target = tensorOf(out);
    const made = tensorOf(result);
    if (!target || !made) return result;
    assignInPlace(target, made, name, rt);
    return target;
  });
}

/** Why a call can't be followed. A mistake of ours must not end the reading of a file either. */
function undetermined(e: unknown, name: string, rt: Runtime): Undetermined {
  if (e instanceof Undetermined) return e;
  const isOurs = e instanceof TypeError || (e instanceof RangeError && !/call stack/i.test(e.message));
  if (!isOurs) throw e;
  return new Undetermined(rt.unknown(`${NOT_FOLLOWED} ${name} here`, `${name}(…)`));
}

/** How the reason begins when following a call failed. */
export const NOT_FOLLOWED = 'InitScope could not follow';

function renamed(
  names: ReadonlySet<string>,
  kwargs: ReadonlyMap<string, Value>,
): { given: ReadonlyMap<string, Value>; out: Value } {
  let given: Map<string, Value> | undefined;
  let out: Value = null;
  for (const [key, value] of kwargs) {
    if (names.has(key)) continue;
    const own = OTHER_NAMES[key];
    if (key === 'out') out = value;
    else if (own === undefined || !names.has(own) || kwargs.has(own)) continue;
    given ??= new Map(kwargs);
    given.delete(key);
    if (key !== 'out' && own !== undefined) given.set(own, value);
  }
  return { given: given ?? kwargs, out };
}

function opaqueResult(
  rt: Runtime,
  name: string,
  e: Undetermined,
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
): Value {
  const inputs = tensorsIn([...args, ...(kwargs?.values() ?? [])]);
  if (inputs.length === 0) return e.unknown.as(`${name}(…)`);
  const dtype = inputs[0]!.dtype;
  return opaque(rt, name, e.unknown.reason, inputs, { shape: e.shape ?? unknownShape(rt, e.unknown.reason), dtype });
}

type First<S extends string> = Omit<Bound<S>, never>;

/** A function whose first argument must be a tensor. */
export function op<S extends string>(
  name: string,
  signature: S,
  body: (x: Tensor, args: First<S>, rt: Runtime) => Value,
): NativeFunction {
  const first = (signature.split(/[,=]/)[0] ?? '').trim();
  return fn(name, signature, (args, rt) => {
    const given = (args as Readonly<Record<string, Value>>)[first] as Value;
    const x = tensorOf(given);
    if (x) return body(x, args, rt);
    if (given instanceof Unknown) return given.as(`${name}(${given.symbol})`);
    return rt.raise('TypeError', `${name}(): argument '${first}' (position 1) must be Tensor, not ${typeName(given)}`);
  });
}

/** A tensor argument further on: raises TypeError for what isn't one, Undetermined for what isn't known. */
export function tensorArgument(v: Value, name: string, argument: string, rt: Runtime): Tensor {
  const t = tensorOf(v);
  if (t) return t;
  if (v instanceof Unknown) throw new Undetermined(v);
  return rt.raise('TypeError', `${name}(): argument '${argument}' must be Tensor, not ${typeName(v)}`);
}

export function optionalTensor(v: Value, name: string, argument: string, rt: Runtime): Tensor | null {
  return v === null ? null : tensorArgument(v, name, argument, rt);
}

/** What `torch.foo` is when InitScope has no rule for it. */
export function opaqueFunction(name: string): NativeFunction {
  const reason = `InitScope has no rule for ${name}`;
  return new NativeFunction(name, (rt, args, kwargs) => {
    const inputs = tensorsIn([...args, ...(kwargs?.values() ?? [])]);
    if (inputs.length === 0) return rt.unknown(reason, `${name}(…)`);
    return opaque(rt, name, reason, inputs, { shape: unknownShape(rt, reason) });
  });
}

export function constantFunction(name: string, value: Value): NativeFunction {
  return new NativeFunction(name, () => value);
}

/** Results with names, as `torch.max(x, dim)` gives them. */
export function structure(fields: Readonly<Record<string, Value>>): Tuple {
  return new Tuple(Object.values(fields), new Map(Object.entries(fields)));
}

export function keywordsOf(kwargs: Value): ReadonlyMap<string, Value> {
  return new Map(kwargs instanceof Dict ? kwargs.pairs().map(([k, v]) => [String(k), v] as const) : []);
}
