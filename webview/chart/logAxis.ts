import { superscript } from '../../src/protocol/numbers.js';

export interface Decades {
  readonly min: number;
  readonly max: number;
  /** Exponents to mark. */
  readonly marks: readonly number[];
}

/** A logarithmic axis over the values: whole decades, at least from 0.1 to 10, with at most about eight marks. */
export function decadesOf(values: Iterable<number | null>): Decades {
  let [low, high] = [-1, 1];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, Math.floor(Math.log10(value)));
    high = Math.max(high, Math.ceil(Math.log10(value)));
  }
  const step = [1, 2, 3, 5, 10, 20, 50].find((s) => (high - low) / s <= 8) ?? 50;
  const marks: number[] = [];
  for (let exponent = Math.ceil(low / step) * step; exponent <= high; exponent += step) marks.push(exponent);
  return { min: 10 ** low, max: 10 ** high, marks };
}

/** `10⁻⁴`; 0.1, 1 and 10 as they are. */
export function decadeLabel(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(exponent) <= 1 ? String(10 ** exponent) : `10${superscript(exponent)}`;
}
