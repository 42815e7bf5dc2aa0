import { isKnown, type Distribution, type KnownDistribution } from '../model/index.js';
import { normalCdf } from '../propagation/numerics/normal.js';
import { standardTruncatedMoments } from './truncated.js';

type Kind<K extends Distribution['kind']> = Extract<Distribution, { kind: K }>;

export function normal(mean = 0, std = 1): Kind<'normal'> {
  return { kind: 'normal', mean, std: Math.abs(std) };
}

export function uniform(low = 0, high = 1): Kind<'uniform'> {
  return { kind: 'uniform', mean: (low + high) / 2, std: Math.abs(high - low) / Math.sqrt(12), low, high };
}

/** N(location, scale²) cut to the absolute bounds [low, high] (torch `trunc_normal_`'s a and b); mean and std are the true ones. */
export function truncatedNormal(
  location = 0,
  scale = 1,
  low = location - 2 * scale,
  high = location + 2 * scale,
): Kind<'truncatedNormal'> {
  if (!(scale > 0)) {
    const mean = Math.min(high, Math.max(low, location));
    return { kind: 'truncatedNormal', mean, std: 0, location, scale, low, high };
  }
  const m = standardTruncatedMoments((low - location) / scale, (high - location) / scale);
  return {
    kind: 'truncatedNormal',
    mean: location + scale * m.mean,
    std: scale * Math.sqrt(m.variance),
    location,
    scale,
    low,
    high,
  };
}

export function constant(value: number): Kind<'constant'> {
  return { kind: 'constant', mean: value, std: 0 };
}

function rowsAndColumns(shape: readonly number[]): readonly [number, number] {
  return [shape[0] ?? 1, shape.slice(1).reduce((a, b) => a * b, 1)];
}

/** gain·Q, rows = axis 0, columns = the rest: every entry has variance gain²/max(rows, columns). */
export function orthogonal(gain: number, shape: readonly number[]): Kind<'orthogonal'> {
  return { kind: 'orthogonal', mean: 0, std: Math.abs(gain) / Math.sqrt(Math.max(...rowsAndColumns(shape), 1)), gain };
}

/** `value` on the diagonal of a matrix. */
export function identity(shape: readonly number[], value = 1): Kind<'identity'> {
  const [rows, columns] = rowsAndColumns(shape);
  const share = Math.min(rows, columns) / (rows * columns);
  return { kind: 'identity', mean: value * share, std: Math.abs(value) * Math.sqrt(share * (1 - share)), value };
}

/** torch `dirac_`: each group passes its first min(out/groups, in) channels through at the kernel's centre. */
export function dirac(shape: readonly number[], groups = 1): Kind<'dirac'> {
  const out = shape[0] ?? 1;
  const ones = groups * Math.min(out / groups, shape[1] ?? 1);
  const share = ones / shape.reduce((a, b) => a * b, 1);
  return { kind: 'dirac', mean: share, std: Math.sqrt(share * (1 - share)), groups };
}

/** torch `sparse_`: in every column a share `sparsity` (rounded up to whole rows) is zero, the rest N(0, std²). */
export function sparse(shape: readonly number[], sparsity: number, std = 0.01): Kind<'sparse'> {
  const rows = shape[0] ?? 1;
  const zero = Math.min(1, Math.ceil(sparsity * rows) / rows);
  return { kind: 'sparse', mean: 0, std: std * Math.sqrt(1 - zero), sparsity, nonzeroStd: std };
}

/** Regions of one tensor with different distributions; fractions are made to add to 1. Unknown as soon as one part is. */
export function mixture(
  parts: readonly { readonly fraction: number; readonly distribution: Distribution }[],
): Distribution {
  const total = parts.reduce((s, p) => s + p.fraction, 0);
  if (!(total > 0)) return { kind: 'unknown', reason: 'a tensor without entries' };
  const present = parts
    .filter((p) => p.fraction > 0)
    .map((p) => ({ fraction: p.fraction / total, distribution: p.distribution }));
  const only = present[0];
  if (only !== undefined && present.length === 1) return only.distribution;
  let mean = 0;
  let second = 0;
  for (const { fraction, distribution } of present) {
    if (!isKnown(distribution)) return distribution;
    mean += fraction * distribution.mean;
    second += fraction * (distribution.mean ** 2 + distribution.std ** 2);
  }
  return { kind: 'mixture', mean, std: Math.sqrt(Math.max(0, second - mean * mean)), parts: present };
}

/** The distribution of factor·w. */
export function scaled(d: Distribution, factor: number): Distribution {
  if (!isKnown(d)) return d;
  const f = Math.abs(factor);
  switch (d.kind) {
    case 'normal':
      return normal(factor * d.mean, f * d.std);
    case 'uniform':
      return {
        ...(factor >= 0 ? uniform(factor * d.low, factor * d.high) : uniform(factor * d.high, factor * d.low)),
        // Of another law noted as uniform (a piece of a mixture, integers) they are not the range's.
        mean: factor * d.mean,
        std: f * d.std,
      };
    case 'truncatedNormal': {
      const [low, high] = factor >= 0 ? [factor * d.low, factor * d.high] : [factor * d.high, factor * d.low];
      return {
        ...d,
        mean: factor * d.mean,
        std: f * d.std,
        location: factor * d.location,
        scale: f * d.scale,
        low,
        high,
      };
    }
    case 'orthogonal':
      return { ...d, mean: factor * d.mean, std: f * d.std, gain: f * d.gain };
    case 'constant':
      return constant(factor * d.mean);
    case 'identity':
      return { ...d, mean: factor * d.mean, std: f * d.std, value: factor * d.value };
    case 'dirac':
      return factor === 1
        ? d
        : { kind: 'mixture', mean: factor * d.mean, std: f * d.std, parts: [{ fraction: 1, distribution: d }] };
    case 'sparse':
      return { ...d, mean: factor * d.mean, std: f * d.std, nonzeroStd: f * d.nonzeroStd };
    case 'mixture':
      return mixture(d.parts.map((p) => ({ fraction: p.fraction, distribution: scaled(p.distribution, factor) })));
  }
}

/** The distribution of w + offset. */
export function shifted(d: Distribution, offset: number): Distribution {
  if (!isKnown(d) || offset === 0) return d;
  switch (d.kind) {
    case 'normal':
      return normal(d.mean + offset, d.std);
    case 'uniform':
      return { ...d, mean: d.mean + offset, low: d.low + offset, high: d.high + offset };
    case 'truncatedNormal':
      return { ...d, mean: d.mean + offset, location: d.location + offset, low: d.low + offset, high: d.high + offset };
    case 'constant':
      return constant(d.mean + offset);
    case 'mixture':
      return mixture(d.parts.map((p) => ({ fraction: p.fraction, distribution: shifted(p.distribution, offset) })));
    default:
      // A matrix that is not iid keeps its structure only about its own mean.
      return { kind: 'mixture', mean: d.mean + offset, std: d.std, parts: [{ fraction: 1, distribution: d }] };
  }
}

/** The distribution of min(max(w, low), high), where its mean and std have a closed form; unknown elsewhere. */
export function clamped(d: Distribution, low = -Infinity, high = Infinity): Distribution {
  if (!isKnown(d)) return d;
  const inside = (a: number, b: number): boolean => a >= low && b <= high;
  switch (d.kind) {
    case 'constant':
      return constant(Math.min(high, Math.max(low, d.mean)));
    case 'uniform': {
      if (inside(d.low, d.high)) return d;
      const a = Math.min(d.high, Math.max(d.low, low));
      const b = Math.max(d.low, Math.min(d.high, high));
      const width = d.high - d.low;
      const below = (a - d.low) / width;
      const above = (d.high - b) / width;
      return mixture([
        { fraction: below, distribution: constant(low) },
        { fraction: Math.max(0, 1 - below - above), distribution: uniform(a, b) },
        { fraction: above, distribution: constant(high) },
      ]);
    }
    case 'normal': {
      if (low === -Infinity && high === Infinity) return d;
      if (!(d.std > 0)) return constant(Math.min(high, Math.max(low, d.mean)));
      return clampedNormal(d.mean, d.std, low, high);
    }
    case 'truncatedNormal':
      return inside(d.low, d.high) ? d : { kind: 'unknown', reason: 'a truncated normal clamped inside its bounds' };
    case 'mixture':
      return mixture(d.parts.map((p) => ({ fraction: p.fraction, distribution: clamped(p.distribution, low, high) })));
    default:
      return { kind: 'unknown', reason: `a clamped ${d.kind} tensor` };
  }
}

function clampedNormal(mean: number, std: number, low: number, high: number): Distribution {
  const a = (low - mean) / std;
  const b = (high - mean) / std;
  const below = a === -Infinity ? 0 : normalCdf(a);
  const above = b === Infinity ? 0 : normalCdf(-b);
  const parts: { fraction: number; distribution: KnownDistribution }[] = [
    { fraction: Math.max(0, 1 - below - above), distribution: truncatedNormal(mean, std, low, high) },
  ];
  if (below > 0) parts.push({ fraction: below, distribution: constant(low) });
  if (above > 0) parts.push({ fraction: above, distribution: constant(high) });
  return mixture(parts);
}
