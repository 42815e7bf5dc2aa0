import { Complex, Float, type BinaryOp, type Value } from '../values/index.js';

/** An int, as a number while it is exact and as a bigint beyond. */
export function normalizeInt(v: bigint): number | bigint {
  return v >= BigInt(Number.MIN_SAFE_INTEGER) && v <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(v) : v;
}

/** Any number (bool included) as a JavaScript number; `undefined` for what is no real number. */
export function asNumber(v: Value): number | undefined {
  if (typeof v === 'number') return v;
  if (v instanceof Float) return v.value;
  if (typeof v === 'boolean') return v ? 1 : 0;
  if (typeof v === 'bigint') return Number(v);
  return undefined;
}

export function isInt(v: Value): v is number | bigint | boolean {
  return typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean';
}

/** Arithmetic on two numbers; `undefined` when the operands aren't numbers. Division by zero gives the exception's message. */
export function arithmetic(
  op: BinaryOp,
  a: Value,
  b: Value,
):
  | Value
  | undefined
  | { readonly error: 'ZeroDivisionError' | 'TypeError' | 'OverflowError'; readonly message: string } {
  if (isInt(a) && isInt(b)) return integers(op, a, b);
  if (a instanceof Complex || b instanceof Complex) return complex(op, a, b);
  const [x, y] = [asNumber(a), asNumber(b)];
  if (x === undefined || y === undefined) return undefined;
  return floats(op, x, y);
}

function floats(op: BinaryOp, x: number, y: number): ReturnType<typeof arithmetic> {
  switch (op) {
    case '+':
      return new Float(x + y);
    case '-':
      return new Float(x - y);
    case '*':
      return new Float(x * y);
    case '/':
      return y === 0 ? { error: 'ZeroDivisionError', message: 'division by zero' } : new Float(x / y);
    case '//':
      return y === 0
        ? { error: 'ZeroDivisionError', message: 'float floor division by zero' }
        : new Float(Math.floor(x / y));
    case '%':
      return y === 0 ? { error: 'ZeroDivisionError', message: 'float modulo' } : new Float(modulo(x, y));
    case '**': {
      if (x === 0 && y < 0) return { error: 'ZeroDivisionError', message: '0.0 cannot be raised to a negative power' };
      return x < 0 && !Number.isInteger(y) ? complexPower(x, y) : new Float(x ** y);
    }
    default:
      return { error: 'TypeError', message: `unsupported operand type(s) for ${op}: 'float'` };
  }
}

/** Python's `%`: the result has the sign of the divisor. */
function modulo(x: number, y: number): number {
  const r = x % y;
  return r !== 0 && r < 0 !== y < 0 ? r + y : r;
}

const GIANT = 1n << 65536n;
/** Its arithmetic takes ever longer, and it is of no use as a size. */
function isGiant(x: bigint): boolean {
  return x > GIANT || x < -GIANT;
}

function integers(
  op: BinaryOp,
  a: number | bigint | boolean,
  b: number | bigint | boolean,
): ReturnType<typeof arithmetic> {
  if (typeof a !== 'bigint' && typeof b !== 'bigint') {
    const bothBool = typeof a === 'boolean' && typeof b === 'boolean';
    const quick = smallIntegers(op, Number(a), Number(b));
    if (quick !== undefined) return bothBool && (op === '&' || op === '|' || op === '^') ? quick === 1 : quick;
  }
  const [x, y] = [BigInt(a), BigInt(b)];
  if (isGiant(x) || isGiant(y)) return { error: 'OverflowError', message: 'an integer of more than 65536 bits' };
  switch (op) {
    case '+':
      return normalizeInt(x + y);
    case '-':
      return normalizeInt(x - y);
    case '*':
      return normalizeInt(x * y);
    case '**':
      if (y < 0n) return new Float(Number(x) ** Number(y));
      // A power whose digits alone would fill memory is of no use as a size.
      if (y > 4096n && x !== 0n && x !== 1n && x !== -1n) return new Float(Number(x) ** Number(y));
      return normalizeInt(x ** y);
    case '//':
    case '%': {
      if (y === 0n) return { error: 'ZeroDivisionError', message: 'integer division or modulo by zero' };
      let q = x / y;
      if (x % y !== 0n && x < 0n !== y < 0n) q -= 1n;
      return normalizeInt(op === '//' ? q : x - q * y);
    }
    case '/':
      return y === 0n ? { error: 'ZeroDivisionError', message: 'division by zero' } : new Float(Number(x) / Number(y));
    case '<<':
      return y > 4096n ? { error: 'TypeError', message: 'shift is too large' } : normalizeInt(x << y);
    case '>>':
      return normalizeInt(x >> y);
    case '&':
      return normalizeInt(x & y);
    case '|':
      return normalizeInt(x | y);
    case '^':
      return normalizeInt(x ^ y);
    default:
      return { error: 'TypeError', message: `unsupported operand type(s) for ${op}: 'int' and 'int'` };
  }
}

/** The everyday case; `undefined` when the result may not be exact as a number. */
function smallIntegers(op: BinaryOp, x: number, y: number): number | Float | undefined {
  let r: number;
  switch (op) {
    case '+':
      r = x + y;
      break;
    case '-':
      r = x - y;
      break;
    case '*':
      r = x * y;
      break;
    case '/':
      return y === 0 ? undefined : new Float(x / y);
    case '//':
      if (y === 0) return undefined;
      r = Math.floor(x / y);
      break;
    case '%':
      if (y === 0) return undefined;
      r = modulo(x, y);
      break;
    case '**':
      if (y < 0) return undefined;
      r = x ** y;
      break;
    default:
      return undefined;
  }
  return Number.isSafeInteger(r) ? (r === 0 ? 0 : r) : undefined;
}

function parts(v: Value): readonly [number, number] | undefined {
  if (v instanceof Complex) return [v.re, v.im];
  const n = asNumber(v);
  return n === undefined ? undefined : [n, 0];
}

function complex(op: BinaryOp, a: Value, b: Value): ReturnType<typeof arithmetic> {
  const [p, q] = [parts(a), parts(b)];
  if (!p || !q) return undefined;
  const [ar, ai] = p;
  const [br, bi] = q;
  switch (op) {
    case '+':
      return new Complex(ar + br, ai + bi);
    case '-':
      return new Complex(ar - br, ai - bi);
    case '*':
      return new Complex(ar * br - ai * bi, ar * bi + ai * br);
    case '/': {
      const d = br * br + bi * bi;
      return d === 0
        ? { error: 'ZeroDivisionError', message: 'complex division by zero' }
        : new Complex((ar * br + ai * bi) / d, (ai * br - ar * bi) / d);
    }
    case '**':
      return bi === 0 && ai === 0
        ? complexPower(ar, br)
        : { error: 'TypeError', message: 'complex powers are not evaluated' };
    default:
      return { error: 'TypeError', message: `unsupported operand type(s) for ${op}: 'complex'` };
  }
}

function complexPower(x: number, y: number): Complex {
  const r = Math.abs(x) ** y;
  const angle = x < 0 ? Math.PI * y : 0;
  return new Complex(r * Math.cos(angle), r * Math.sin(angle));
}
