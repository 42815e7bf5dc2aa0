/** How every surface writes numbers: three significant digits, powers of ten as superscripts (or as `e-4` on a terminal). */

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

export function superscript(exponent: number): string {
  return String(exponent).replace(/./g, (c) => superscripts[c] ?? c);
}

export interface NumberStyle {
  readonly digits?: number;
  /** ASCII only: `4.0e-4`. */
  readonly plain?: boolean;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Made once: making one takes a hundred times as long as using it. */
function formatOf(fractionDigits: number, useGrouping: boolean): Intl.NumberFormat {
  const key = `${fractionDigits} ${String(useGrouping)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
    useGrouping,
  });
  formats.set(key, format);
  return format;
}

/** `0.0258`, `1.98`, `1,050`, `3.97×10⁻⁴`. */
export function formatNumber(x: number, { digits = 3, plain = false }: NumberStyle = {}): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return plain ? (x > 0 ? 'inf' : '-inf') : x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  // 0.03125 and what arithmetic makes of it, 0.031249999999999997, read the same.
  x = Number(x.toPrecision(12));
  // Rounding first decides the exponent: 0.00099996 is 0.00100, not 10.0×10⁻⁴.
  const [mantissa = '', power = '0'] = x.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  const text =
    exponent < -3 || exponent > 5
      ? plain
        ? `${mantissa}e${String(exponent)}`
        : `${mantissa}×10${superscript(exponent)}`
      : formatOf(Math.max(0, digits - 1 - exponent), !plain && exponent >= 4).format(Number(x.toPrecision(digits)));
  return plain ? text : text.replace('-', '−');
}

/** Sizes of layers: `1,000`; large ones as powers of ten. */
export function formatCount(n: number, style: NumberStyle = {}): string {
  return Math.abs(n) < 1e9 ? n.toLocaleString('en-US') : formatNumber(n, style);
}

/** `64×3×7×7`, unknown sizes as they were written: `(hidden * 4)×hidden`. */
export function formatShape(shape: readonly (number | string)[]): string {
  if (shape.length === 0) return 'scalar';
  return shape.map((size) => (typeof size === 'string' && /[^\w.?]/.test(size) ? `(${size})` : String(size))).join('×');
}
