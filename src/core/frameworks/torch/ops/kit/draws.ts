import { constant, mixture, normal, scaled, shifted, uniform } from '../../../../initializers/index.js';
import { isKnown, type Distribution } from '../../../../model/index.js';
import { normalCdf } from '../../../../propagation/numerics/normal.js';
import { torchState } from '../../context.js';

/**
 * Arithmetic on random tensors before forward (`torch.exp(torch.rand(n) * a + b).clamp(min=c)`). Each distribution
 * stands with a fixed set of equally likely draws; what is computed from it keeps the pairing, so that a tensor and a
 * function of it can be combined. One random source alone is stratified and exact to four digits.
 */
const COUNT = 2048;
/** Parts of a distribution that has no name. */
const BINS = 16;

interface Sample {
  readonly draws: Float64Array;
  /** The random sources that went into it: samples without a common one are independent. */
  readonly roots: ReadonlySet<Distribution>;
}

const samples = new WeakMap<Distribution, Sample | (() => Sample | undefined)>();

export function sampleOf(d: Distribution): Sample | undefined {
  const known = samples.get(d);
  if (known && typeof known !== 'function') return known;
  const made = known ? known() : fresh(d);
  if (made) samples.set(d, made);
  return made;
}

function fresh(d: Distribution): Sample | undefined {
  if (!isKnown(d)) return undefined;
  if (d.kind === 'constant') return { draws: new Float64Array(COUNT).fill(d.mean), roots: new Set() };
  const quantile = quantileOf(d);
  if (!quantile) return undefined;
  const draws = new Float64Array(COUNT);
  for (let i = 0; i < COUNT; i++) draws[i] = quantile((i + 0.5) / COUNT);
  shuffle(draws, 1 + torchState().draws++);
  return { draws, roots: new Set([d]) };
}

function quantileOf(d: Distribution): ((u: number) => number) | undefined {
  switch (d.kind) {
    case 'uniform':
      return (u) => d.low + u * (d.high - d.low);
    case 'truncatedNormal': {
      const a = normalCdf((d.low - d.location) / d.scale);
      const b = normalCdf((d.high - d.location) / d.scale);
      return (u) => d.location + d.scale * normalQuantile(a + u * (b - a));
    }
    case 'sparse':
      return (u) => (u < d.sparsity ? 0 : d.nonzeroStd * normalQuantile((u - d.sparsity) / (1 - d.sparsity)));
    case 'identity':
    case 'dirac': {
      const value = d.kind === 'identity' ? d.value : 1;
      const share = d.mean / value;
      return (u) => (u < share ? value : 0);
    }
    case 'mixture':
      return mixtureQuantile(d.parts);
    case 'normal':
    case 'orthogonal':
      return (u) => d.mean + d.std * normalQuantile(u);
    default:
      return undefined;
  }
}

function mixtureQuantile(
  parts: readonly { readonly fraction: number; readonly distribution: Distribution }[],
): ((u: number) => number) | undefined {
  const pieces: { from: number; width: number; quantile: (u: number) => number }[] = [];
  let from = 0;
  for (const { fraction, distribution } of parts) {
    const value = distribution.mean;
    const quantile = distribution.kind === 'constant' ? () => value! : quantileOf(distribution);
    if (!quantile) return undefined;
    pieces.push({ from, width: fraction, quantile });
    from += fraction;
  }
  return (u) => {
    const piece = pieces.find((p) => u < p.from + p.width) ?? pieces.at(-1);
    return piece ? piece.quantile(Math.min(1, (u - piece.from) / piece.width)) : 0;
  };
}

/** factor·w + offset, in the name that the distribution has. */
export function affineOf(d: Distribution, factor: number, offset: number): Distribution {
  const result = shifted(scaled(d, factor), offset);
  if (result !== d && isKnown(result) && result.kind !== 'constant')
    samples.set(result, () => derived([d], (v) => v[0]! * factor + offset));
  return result;
}

function derived(
  from: readonly Distribution[],
  f: (values: readonly number[]) => number,
  misaligned = false,
): Sample | undefined {
  const inputs: Sample[] = [];
  for (const d of from) {
    const s = sampleOf(d);
    if (!s) return undefined;
    inputs.push(s);
  }
  if (misaligned && inputs[1]) {
    const draws = inputs[1].draws.slice();
    shuffle(draws, 7919);
    inputs[1] = { draws, roots: inputs[1].roots };
  }
  const draws = new Float64Array(COUNT);
  for (let i = 0; i < COUNT; i++) draws[i] = f(inputs.map((s) => s.draws[i]!));
  return { draws, roots: new Set(inputs.flatMap((s) => [...s.roots])) };
}

/** The distribution of f(w), entry by entry. */
export function mapped(d: Distribution, f: (x: number) => number, what: string): Distribution {
  if (d.kind === 'constant') return constant(f(d.mean));
  if (!isKnown(d)) return d;
  if (d.kind === 'mixture' && d.parts.every((p) => p.distribution.kind === 'constant')) {
    const result = mixture(merged(d.parts.map((p) => ({ fraction: p.fraction, value: f(p.distribution.mean!) }))));
    if (result.kind === 'mixture') samples.set(result, () => derived([d], (v) => f(v[0]!)));
    return result;
  }
  return named(
    derived([d], (v) => f(v[0]!)),
    what,
  );
}

/** The distribution of f(a, b), entry by entry; `misaligned`: entries of one meet other entries of the same random tensor. */
export function combined(
  a: Distribution,
  b: Distribution,
  f: (x: number, y: number) => number,
  what: string,
  options: { readonly linear?: boolean; readonly misaligned?: boolean } = {},
): Distribution {
  if (!isKnown(a)) return a;
  if (!isKnown(b)) return b;
  if (b.kind === 'constant') return mapped(a, (x) => f(x, b.mean), what);
  if (a.kind === 'constant') return mapped(b, (y) => f(a.mean, y), what);
  const sample = derived([a, b], (v) => f(v[0]!, v[1]!), options.misaligned);
  if (!sample || options.linear !== true || a.kind !== 'normal' || b.kind !== 'normal') return named(sample, what);
  const result = normal(...(areIndependent(a, b) ? independent(a, b, f) : momentsOf(sample.draws)));
  samples.set(result, sample);
  return result;
}

function areIndependent(a: Distribution, b: Distribution): boolean {
  const roots = sampleOf(a)?.roots;
  return ![...(sampleOf(b)?.roots ?? [])].some((r) => roots?.has(r));
}

/** Mean and standard deviation of a linear f of two independent variables. */
function independent(
  a: { mean: number; std: number },
  b: { mean: number; std: number },
  f: (x: number, y: number) => number,
): [number, number] {
  const zero = f(0, 0);
  return [f(a.mean, b.mean), Math.hypot(a.std * (f(1, 0) - zero), b.std * (f(0, 1) - zero))];
}

export function momentsOf(values: ArrayLike<number>): [mean: number, std: number] {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let square = 0;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2 / n;
  return [mean, Math.sqrt(square)];
}

function named(sample: Sample | undefined, what: string): Distribution {
  if (!sample) return { kind: 'unknown', reason: `the distribution that ${what} gives has no closed form` };
  const result = describe(sample.draws, what);
  if (isKnown(result) && result.kind !== 'constant') samples.set(result, sample);
  return result;
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
  const step = Math.max(1, Math.floor(values.length / COUNT));
  return Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]!);
}

function merged(
  parts: readonly { fraction: number; value: number }[],
): { fraction: number; distribution: Distribution }[] {
  const shares = new Map<number, number>();
  for (const p of parts) shares.set(p.value, (shares.get(p.value) ?? 0) + p.fraction);
  return [...shares].map(([value, fraction]) => ({ fraction, distribution: constant(value) }));
}

/** The same draws paired anew. */
export function shuffled(draws: Float64Array): Float64Array {
  const copy = draws.slice();
  shuffle(copy, 1 + torchState().draws++);
  return copy;
}

/** Fisher–Yates with a small generator of its own, so that equal programs give equal results. */
function shuffle(values: Float64Array, seed: number): void {
  let state = (seed * 0x9e3779b9) >>> 0;
  for (let i = values.length - 1; i > 0; i--) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    const j = (((state ^ (state >>> 13)) >>> 0) % (i + 1)) | 0;
    const swap = values[i]!;
    values[i] = values[j]!;
    values[j] = swap;
  }
}

/** Inverse of the normal distribution function (Acklam's rational approximation, relative error below 1.2e-9). */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  const low = 0.02425;
  if (p < low) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - low) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  return (
    (horner(
      r,
      [
        -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
        2.506628277459239,
      ],
    ) *
      q) /
    horner(r, [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1])
  );
}

function tail(q: number): number {
  return (
    horner(
      q,
      [
        -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
        2.938163982698783,
      ],
    ) / horner(q, [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1])
  );
}

function horner(x: number, coefficients: readonly number[]): number {
  return coefficients.reduce((sum, c) => sum * x + c, 0);
}
