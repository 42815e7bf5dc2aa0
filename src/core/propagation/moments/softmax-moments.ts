import { normalDensity } from '../numerics/normal.js';
import type { Marginal } from './field.js';
import { affineOf } from './floats.js';

/** Of the softmax p of n iid logits. */
export interface SoftmaxMoments {
  /** E[Σ p²]: the chance that two draws coincide. 1/n for equal logits, 1 where one stands alone. */
  readonly concentration: number;
  /** E‖J·g‖² for independent g of variance 1, J = diag(p) − ppᵀ: E[Σp² − 2Σp³ + (Σp²)²]. */
  readonly passed: number;
}

const ALONE: SoftmaxMoments = { concentration: 1, passed: 0 };

/** Variance of logits from which on the integrals would only get longer. */
const WIDE = 100;

/** By variance (to six digits), then by how many logits: rows of a causal mask ask for one variance and many sizes. */
const CACHE = new Map<string, Map<number, SoftmaxMoments>>();
const MOST_VARIANCES = 500;

function knownAt(variance: number): Map<number, SoftmaxMoments> {
  const key = variance.toPrecision(6);
  let known = CACHE.get(key);
  if (known === undefined) {
    if (CACHE.size >= MOST_VARIANCES) CACHE.clear();
    CACHE.set(key, (known = new Map<number, SoftmaxMoments>()));
  }
  return known;
}

/** By how many logits there are, for Gaussian ones of that variance, or ones whose distribution has another shape. */
export function softmaxOf(variance: number, marginal?: Marginal): (n: number) => SoftmaxMoments {
  if (variance < 1e-6)
    return (n) => {
      const concentration = Math.min(1, (1 + variance * (1 - 1 / n)) / n);
      return { concentration, passed: concentration * (1 - concentration) };
    };
  if (variance > WIDE) {
    // The largest logit stands alone but for the chance, which falls as 1/s, that the second is near.
    const atWide = softmaxOf(WIDE, marginal);
    const less = Math.sqrt(WIDE / variance);
    return (n) => ({ concentration: 1 - (1 - atWide(n).concentration) * less, passed: atWide(n).passed * less });
  }
  const std = Math.sqrt(variance);
  if (marginal !== undefined)
    return (n) => (n <= 1 ? ALONE : integrated(n, variance, affineOf(marginal.nodes, 0, std), marginal.weights));
  const known = knownAt(variance);
  return (n) => {
    if (n <= 1) return ALONE;
    let value = known.get(n);
    if (value === undefined) known.set(n, (value = integrated(n, variance, ...gaussianLogits(std))));
    return value;
  };
}

/** A coarse grid: what is integrated over it is smooth. */
function gaussianLogits(std: number): [values: Float64Array, weights: Float64Array] {
  const step = Math.min(0.25, 0.5 / std);
  const n = Math.ceil(7 / step);
  const t = Float64Array.from({ length: 2 * n + 1 }, (_, i) => (i - n) * step);
  return [t.map((v) => std * v), t.map((v) => step * normalDensity(v))];
}

/**
 * With S = Σe^l, S^{−k} = ∫ u^{k−1}e^{−uS} du/(k − 1)!, so that every moment is one integral over u = e^x: of
 * E[(ue^l)^k·e^{−ue^l}] for the logits that are raised to a power times E[e^{−ue^l}] for each of the others.
 */
function integrated(n: number, variance: number, values: Float64Array, weights: Float64Array): SoftmaxMoments {
  const std = Math.sqrt(variance);
  const powers = values.map((l) => Math.exp(l));
  // From where the smallest of the sums matters to where the largest single logit ends it.
  const low = -Math.log(n) - variance - 10;
  const high = 8 * std + 6;
  const steps = Math.ceil((high - low) / 0.15);
  const h = (high - low) / steps;
  let squares = 0;
  let cubes = 0;
  let squared = 0;
  for (let i = 0; i <= steps; i++) {
    const scale = Math.exp(low + i * h);
    let plain = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let k = 0; k < powers.length; k++) {
      const u = scale * powers[k]!;
      if (u > 700) continue;
      const e = weights[k]! * Math.exp(-u);
      plain += e;
      second += u * u * e;
      third += u * u * u * e;
      fourth += u * u * u * u * e;
    }
    const others = h * n * Math.pow(plain, n - 2);
    squares += others * plain * second;
    cubes += (others * plain * third) / 2;
    squared += (others * (plain * fourth + (n - 1) * second * second)) / 6;
  }
  return {
    concentration: Math.max(1 / n, Math.min(1, squares)),
    passed: Math.max(0, squares - 2 * cubes + squared),
  };
}
