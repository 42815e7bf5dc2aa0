import { Unknown } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';

/** A tensor's shape: its sizes, or an Unknown when not even their number is known. */
export type Shape = Tensor['shape'];
export type Sizes = readonly Size[];

export function hasRank(shape: Shape): shape is Sizes {
  return !(shape instanceof Unknown);
}

/** Every size is a number. */
export function isComplete(shape: Shape): shape is readonly number[] {
  return hasRank(shape) && shape.every((s) => typeof s === 'number');
}

export function symbol(s: Size): string {
  return typeof s === 'number' ? String(s) : s.symbol;
}

export function shapeText(shape: Shape): string {
  return hasRank(shape) ? `[${shape.map(symbol).join(', ')}]` : '[…]';
}

function bracket(text: string): string {
  return text.includes(' ') ? `(${text})` : text;
}

/** Arithmetic of two sizes of which one at least is unknown. */
function symbolic(a: Size, op: string, b: Size): Unknown {
  const known = (a instanceof Unknown ? a : b) as Unknown;
  const [x, y] = [symbol(a), symbol(b)];
  if (x === '?' || y === '?') return known.as('?');
  return op === '+' ? known.as(`${x} ${op} ${y}`) : known.as(`${bracket(x)} ${op} ${bracket(y)}`);
}

export function times(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 1 || b === 0) return b;
  if (b === 1 || a === 0) return a;
  return symbolic(a, '*', b);
}

export function plus(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  return typeof b === 'number' && b < 0 ? symbolic(a, '-', -b) : symbolic(a, '+', b);
}

export function minus(a: Size, b: Size): Size {
  if (typeof b === 'number') return plus(a, -b);
  if (typeof a !== 'number' && sameSize(a, b) === true) return 0;
  return symbolic(a, '-', b);
}

/** Integer division, rounded down. */
export function over(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b);
  if (b === 1) return a;
  return symbolic(a, '//', b);
}

export function overUp(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return Math.ceil(a / b);
  return b === 1 ? a : symbolic(a, '/', b);
}

export function product(sizes: Sizes): Size {
  return sizes.reduce<Size>(times, 1);
}

/** Whether two sizes are equal; `undefined` where that can't be told. */
export function sameSize(a: Size, b: Size): boolean | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (a === b) return true;
  if (a instanceof Unknown && b instanceof Unknown && a.symbol === b.symbol && a.symbol !== '?') return true;
  return undefined;
}

/** The more telling of two sizes that must be equal. */
export function knownSize(a: Size, b: Size): Size {
  return typeof a === 'number' ? a : b;
}

/** a / b where the unknown factors of `b` cancel against those of `a`; `undefined` when it doesn't come out even. */
export function quotient(a: Sizes, b: Sizes): Size | undefined {
  let number = 1;
  const unknown: Size[] = [];
  for (const s of a) {
    if (typeof s === 'number') number *= s;
    else unknown.push(s);
  }
  let divisor = 1;
  const left: Size[] = [];
  for (const s of b) {
    if (typeof s === 'number') {
      divisor *= s;
      continue;
    }
    const at = unknown.findIndex((u) => sameSize(u, s) === true);
    if (at >= 0) unknown.splice(at, 1);
    else left.push(s);
  }
  if (unknown.length === 0 && left.length === 0) return number % divisor === 0 ? number / divisor : undefined;
  if (number % divisor === 0) return over(product([number / divisor, ...unknown]), product(left));
  return over(product([number, ...unknown]), product([divisor, ...left]));
}
