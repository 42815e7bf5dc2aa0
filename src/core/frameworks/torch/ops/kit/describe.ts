import { constant, mixture, uniform } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';

/** Parts of a distribution that has no name. */
const BINS = 16;
/** Values that are looked at for the parts. */
const ENOUGH = 2048;

export function momentsOf(values: ArrayLike<number>): [mean: number, std: number] {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2 / n;
  return [mean, Math.sqrt(square)];
}

/** A distribution for values that have no better name: their constants where they are few, else equal shares of uniforms. */
export function describe(values: ArrayLike<number>, what: string): Distribution {
  const n = values.length;
  if (n === 0) return { kind: 'unknown', reason: 'a tensor without entries' };
  const counts = new Map<number, number>();
  for (let i = 0; i < n && counts.size <= 2 * BINS; i++) {
    const v = values[i]!;
    if (Number.isNaN(v)) return { kind: 'unknown', reason: `${what} gives values that are no numbers` };
    counts.set(v, (counts.get(v) ?? 0) + 1);
  }
  if (counts.size <= 2 * BINS)
    return mixture([...counts].map(([v, count]) => ({ fraction: count / n, distribution: constant(v) })));
  const [mean, std] = momentsOf(values);
  if (Number.isNaN(mean)) return { kind: 'unknown', reason: `${what} gives values that are no numbers` };
  const sorted = thinned(values).sort();
  const parts = Array.from({ length: BINS }, (_, i) => {
    const bin = sorted.slice(Math.floor((i * sorted.length) / BINS), Math.floor(((i + 1) * sorted.length) / BINS));
    const [middle, spread] = momentsOf(bin);
    const range = uniform(bin[0], bin.at(-1));
    const fraction = bin.length / sorted.length;
    return { fraction, distribution: spread === 0 ? constant(middle) : { ...range, mean: middle, std: spread } };
  });
  return { kind: 'mixture', mean, std, parts };
}

/** Every so manieth value of many: enough for the parts of a mixture. */
function thinned(values: ArrayLike<number>): Float64Array {
  const step = Math.max(1, Math.floor(values.length / ENOUGH));
  return Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]!);
}
