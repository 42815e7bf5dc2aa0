import { normalCdf, normalDensity, normalQuantile } from '../numerics/normal.js';
import { floats, scaledBy } from './floats.js';
import { GAUSSIAN } from './marginal.js';

/**
 * Weights, on the marginal's nodes, of the largest of n entries with equal correlation ρ: x = √ρ·a + √(1−ρ)·e with a
 * shared. For ρ = 0 the density is n·p(t)·P(t)^{n−1}. Entries that a batch norm has centred can correlate
 * negatively: then the largest is √(1−ρ)·(largest of n independent ones) with ρ taken off its variance.
 */
export function largestOf(n: number, correlation: number, nodes: Float64Array, weights: Float64Array): Float64Array {
  const size = nodes.length;
  const out = floats(size);
  const rho = Math.max(-1 / Math.max(1, n - 1), Math.min(0.9999, correlation));
  if (Math.abs(rho) < 0.02) {
    let below = 0;
    let before = 0;
    for (let i = 0; i < size; i++) {
      below = Math.min(1, below + weights[i]!);
      const now = Math.pow(below, n);
      out[i] = now - before;
      before = now;
    }
    return out;
  }
  // In terms of a Gaussian with the same order: where each node ends.
  const edges = edgesOf(nodes, weights);
  if (rho < 0) {
    const alone = largestOf(n, 0, GAUSSIAN.nodes, GAUSSIAN.weights);
    let mean = 0;
    let second = 0;
    for (let i = 0; i < alone.length; i++) {
      mean += alone[i]! * GAUSSIAN.nodes[i]!;
      second += alone[i]! * GAUSSIAN.nodes[i]! ** 2;
    }
    const variance = second - mean * mean;
    const shrink = Math.sqrt(Math.max(0.02, (rho + (1 - rho) * variance) / variance));
    const centre = Math.sqrt(1 - rho) * mean;
    let before = 0;
    for (let i = 0; i < size; i++) {
      const now = Math.pow(normalCdf(mean + (edges[i]! - centre) / shrink), n);
      out[i] = now - before;
      before = now;
    }
    return out;
  }
  const a = Math.sqrt(rho);
  const e = Math.sqrt(1 - rho);
  const step = 0.5;
  const { lowest, values, slopes } = powersOf(n);
  const places = scaledBy(edges, 1 / (e * MESH));
  let first = 0;
  for (let s = -6; s <= 6; s += step) {
    const w = step * normalDensity(s);
    const start = ((a * s) / e + lowest) / MESH;
    // Edges grow, and so does where the table starts.
    while (first < size && !(places[first]! >= start)) first++;
    let before = 0;
    for (let i = first; i < size && before < 1; i++) {
      const place = places[i]! - start;
      const k = Math.floor(place);
      let now = 1;
      if (k + 1 < values.length) {
        // Cubic between two nodes, by their values and slopes.
        const t = place - k;
        const p = values[k]!;
        const q = values[k + 1]!;
        const dp = slopes[k]!;
        const dq = slopes[k + 1]!;
        now = p + t * (dp + t * (3 * (q - p) - 2 * dp - dq + t * (2 * (p - q) + dp + dq)));
      }
      out[i] = out[i]! + w * (now - before);
      before = now;
    }
  }
  return out;
}

interface Powers {
  /** Where the table begins, in standard deviations: below it the largest of n is found with less than 1e-18 of probability. */
  readonly lowest: number;
  readonly values: Float64Array;
  /** Over one step of the mesh. */
  readonly slopes: Float64Array;
}

/** Step of the tables: cubics between their nodes are right to 1e-8. */
const MESH = 0.01;
/** From here on P is 1 in doubles. */
const HIGHEST = 8.3;
const MOST_TABLES = 32;

/** By n: a network has few sizes of windows. */
const POWERS = new Map<number, Powers>();

/** P(z)ⁿ on a mesh: every window and every value of what its entries share asks for it hundreds of times. */
function powersOf(n: number): Powers {
  let known = POWERS.get(n);
  if (known !== undefined) return known;
  const lowest = normalQuantile(Math.pow(1e-18, 1 / n));
  const size = Math.max(2, Math.ceil((HIGHEST - lowest) / MESH) + 1);
  const values = new Float64Array(size);
  const slopes = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const z = lowest + i * MESH;
    const p = normalCdf(z);
    values[i] = Math.pow(p, n);
    slopes[i] = MESH * n * Math.pow(p, n - 1) * normalDensity(z);
  }
  if (POWERS.size >= MOST_TABLES) POWERS.clear();
  POWERS.set(n, (known = { lowest, values, slopes }));
  return known;
}

/** By weights: windows of several sizes pick from the same entries. */
const EDGES = new WeakMap<Float64Array, Float64Array>();

function edgesOf(nodes: Float64Array, weights: Float64Array): Float64Array {
  let known = EDGES.get(weights);
  if (known === undefined)
    EDGES.set(weights, (known = weights === GAUSSIAN.weights ? midpoints(nodes) : quantiles(weights)));
  return known;
}

/** Between each node and the next. */
function midpoints(nodes: Float64Array): Float64Array {
  return nodes.map((t, i) => (i + 1 < nodes.length ? 0.5 * (t + nodes[i + 1]!) : Infinity));
}

/** The Gaussian's quantiles at the cumulative weights. */
function quantiles(weights: Float64Array): Float64Array {
  let below = 0;
  return weights.map((w, i) => {
    below += w;
    return i + 1 === weights.length || below >= 1 - 1e-15 ? Infinity : below <= 1e-300 ? -40 : normalQuantile(below);
  });
}
