/**
 * Exact decimal digits of a double. Python rounds the true binary value half to even; JavaScript's toFixed and
 * toExponential round ties up, so the digits are made from big integers.
 */
const view = new DataView(new ArrayBuffer(8));

function parts(x: number): { mantissa: bigint; exponent: number } {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number((bits >> 52n) & 0x7ffn);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

const MOST_DIGITS = 10_000;

/** |x|·10^digits, rounded half to even. `digits` may be negative. */
export function scaledInteger(x: number, digits: number): bigint {
  if (Math.abs(digits) > MOST_DIGITS) throw new RangeError(`${String(digits)} digits`);
  const { mantissa, exponent } = parts(x);
  let numerator = mantissa;
  let denominator = 1n;
  if (digits >= 0) numerator *= 10n ** BigInt(digits);
  else denominator *= 10n ** BigInt(-digits);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n)) return quotient + 1n;
  return quotient;
}

/** |x| with `precision` digits behind the point. */
export function fixedDigits(x: number, precision: number): string {
  const digits = scaledInteger(x, precision)
    .toString()
    .padStart(precision + 1, '0');
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** |x| as `precision + 1` significant digits and the power of ten of the first. */
export function scientificDigits(x: number, precision: number): { digits: string; exponent: number } {
  if (x === 0) return { digits: '0'.repeat(precision + 1), exponent: 0 };
  let exponent = Math.floor(Math.log10(Math.abs(x)));
  for (;;) {
    const digits = scaledInteger(x, precision - exponent).toString();
    if (digits.length === precision + 1) return { digits, exponent };
    // Off by one: the logarithm was rounded, or rounding the digits carried over.
    exponent += digits.length > precision + 1 ? 1 : -1;
  }
}

/** Python's `round(x, digits)`. */
export function roundTo(x: number, digits: number): number {
  if (!Number.isFinite(x) || x === 0 || digits > 400) return x;
  if (digits < -400) return 0 * x;
  const n = scaledInteger(x, digits);
  const magnitude = Number(`${n.toString()}e${String(-digits)}`);
  return x < 0 ? -magnitude : magnitude;
}

/** The shortest digits that read back as `x`: Python's `repr`. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  const [mantissa = '', power = '0'] = Math.abs(x).toExponential().split('e');
  const exponent = Number(power);
  const digits = mantissa.replace('.', '');
  const sign = x < 0 ? '-' : '';
  if (exponent < -4 || exponent >= 16) return `${sign}${mantissa}${exponentText(exponent)}`;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** `e-05`: a sign and at least two digits. */
export function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
