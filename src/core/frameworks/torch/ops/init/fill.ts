import type { Distribution } from '../../../../model/index.js';
import { Unknown, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import { fn, type Table } from '../kit/define.js';
import { makeConstant, unknownContent, type Content } from '../kit/make.js';
import { hasRank } from '../kit/sizes.js';
import { plainNumber, real, tensorOf, Undetermined } from '../kit/values.js';
import { assignInPlace } from '../storage/write.js';

/** A number as Python gave it, or why it isn't known. */
export type Amount = number | Unknown;

export function amount(v: Value, what: string, rt: Runtime): Amount {
  try {
    return real(plainNumber(v, rt), what, rt);
  } catch (e) {
    if (e instanceof Undetermined) return e.unknown;
    throw e;
  }
}

/** Why a distribution stays unknown: the argument that it hangs on, as the user would write it. */
export function because(what: string, unknown: Unknown): string {
  return unknown.symbol === '?'
    ? `${what} is not known: ${unknown.reason}`
    : `${what} is ${readable(unknown.symbol)}, which is not known`;
}

/** `1 / math.sqrt(features)` as people write it: `1/√features`. */
export function readable(symbol: string): string {
  return symbol
    .replace(/\b(?:math|np|numpy|torch)\.sqrt\(([\w.]+)\)/g, '√$1')
    .replace(/\b(?:math|np|numpy|torch)\.sqrt\(/g, '√(')
    .replace(/\b1 \/ (?=√)/g, '1/')
    .replace(/1 \/ \((√\((?:[^()]|\([^()]*\))*\))\)/g, '1/$1');
}

function isNegative(symbol: string, of: string): boolean {
  return of !== '?' && (symbol === `-${of}` || symbol === `-(${of})`);
}

/** What a distribution of the given arguments is, or unknown with the first argument that isn't known. */
export function withAmounts<K extends string>(
  given: Readonly<Record<K, Amount>>,
  make: (numbers: Readonly<Record<K, number>>) => Distribution,
): Distribution {
  const unknown = Object.entries<Amount>(given).filter(
    (pair): pair is [string, Unknown] => typeof pair[1] !== 'number',
  );
  const [first] = unknown;
  if (first) {
    // From −bound to bound, as most uniforms are: the bound says it all.
    const [, bound] = unknown.find(([, { symbol }]) => isNegative(first[1].symbol, symbol)) ?? [];
    return { kind: 'unknown', reason: bound ? because('its bound', bound) : because(...first) };
  }
  return make(given as Readonly<Record<K, number>>);
}

/** Every entry of a tensor (a view of a part of a parameter, too) is drawn anew. */
export function fill(t: Tensor, content: Content, what: string, rt: Runtime, given?: Arguments): void {
  if (isEmpty(t)) return;
  assignInPlace(t, makeConstant(rt, what, t.shape, t.dtype, content), what, rt, given);
}

export function isEmpty(t: Tensor): boolean {
  return hasRank(t.shape) && t.shape.includes(0);
}

/** The number of axes; `undefined` where not even that is known. */
export function rankOf(t: Tensor): number | undefined {
  return hasRank(t.shape) ? t.shape.length : undefined;
}

type Arguments = Readonly<Record<string, Value>>;

/**
 * A function of torch.nn.init: it changes its first argument and returns it. `touches` is the first attribute of the
 * tensor that torch reads, which is what its AttributeError names for a bias that is None or for a whole module.
 * `draw` gives `undefined` where torch leaves the tensor alone.
 */
export function initializer(
  name: string,
  touches: string,
  parameters: string,
  draw: (t: Tensor, args: Arguments, rt: Runtime) => Content | Distribution | undefined,
): Table {
  const signature = `tensor${parameters === '' ? '' : `, ${parameters}`}`;
  const made = fn(name, signature, (args, rt) => {
    const given = args['tensor'] as Value;
    const t = tensorOf(given);
    if (!t) {
      if (!(given instanceof Unknown)) rt.getAttr(given, touches);
      return given;
    }
    const drawn = draw(t, args, rt);
    if (drawn) fill(t, 'kind' in drawn ? { distribution: drawn } : drawn, name, rt, args);
    return given;
  });
  return { [name]: made };
}

/** Entries that depend on arguments which aren't known. */
export function unknownFill(what: string, unknown: Unknown): Content {
  return unknownContent(because(what, unknown));
}
