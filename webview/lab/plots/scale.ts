import { superscript } from '../../../src/protocol/numbers.js';

/** Maps numbers of an axis to places along it, 0 to 1. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

/** About `count` ticks, no closer than `least`. */
export function linearScale(low: number, high: number, count = 4, least = 0): Scale {
  const width = high - low || 1;
  const step = Math.max(least, niceStep(width / count));
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step)
    ticks.push({ value: v, text: String(Number(v.toPrecision(6))) });
  return { at: (value) => (value - low) / width, ticks };
}

/** Over whole powers of ten; what is not positive lies at the bottom. */
export function logScale(low: number, high: number): Scale {
  const bottom = Math.floor(Math.log10(low) + 1e-9);
  const top = Math.max(bottom + 1, Math.ceil(Math.log10(high) - 1e-9));
  const step = Math.max(1, Math.ceil((top - bottom) / 5));
  const ticks = [];
  for (let e = bottom; e <= top; e += step) ticks.push({ value: 10 ** e, text: powerOfTen(e) });
  return {
    at: (value) => (value > 0 ? Math.max(0, (Math.log10(value) - bottom) / (top - bottom)) : 0),
    ticks,
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

function powerOfTen(exponent: number): string {
  if (exponent >= -2 && exponent <= 3) return String(Number((10 ** exponent).toPrecision(3)));
  return `10${superscript(exponent)}`;
}
