import { constant, mixture, normal, scaled, shifted } from '../../../../initializers/index.js';
import { isKnown, type Distribution } from '../../../../model/index.js';
import { torchState } from '../../context.js';
import { describe, momentsOf } from './describe.js';
import { quantileOf } from './quantiles.js';

export { describe, momentsOf } from './describe.js';
export { normalQuantile } from './quantiles.js';

/**
 * Arithmetic on random tensors before forward (`torch.exp(torch.rand(n) * a + b).clamp(min=c)`). Each distribution
 * stands with a fixed set of equally likely draws; what is computed from it keeps the pairing, so that a tensor and a
 * function of it can be combined. One random source alone is stratified and exact to four digits.
 */
const COUNT = 2048;

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

function named(sample: Sample | undefined, what: string): Distribution {
  if (!sample) return { kind: 'unknown', reason: `the distribution that ${what} gives has no closed form` };
  const result = describe(sample.draws, what);
  if (isKnown(result) && result.kind !== 'constant') samples.set(result, sample);
  return result;
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
