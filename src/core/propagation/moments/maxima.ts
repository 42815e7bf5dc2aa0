import { normalCdf } from '../numerics/normal.js';
import { floats } from './floats.js';

/** Where the largest of up to a thousand standard normal variables is found. */
const LOW = -5;
const HIGH = 6;
const POINTS = 90;

const KNOWN = new Map<string, number>();

/**
 * Correlation of the largest of two sets of n independent normal variables that have `shared` of them in common, by
 * Hoeffding's covariance ∫∫ F(x, y) − F(x)·F(y) with F(x, y) = Φ(min)^shared·(Φ(x)·Φ(y))^(n − shared). More than the chance that
 * both pick the same entry: where they don't, the largest of what they share still bounds both from below.
 */
export function correlationOfMaxima(n: number, shared: number): number {
  if (shared <= 0) return 0;
  if (shared >= n) return 1;
  const key = `${n} ${shared}`;
  let known = KNOWN.get(key);
  if (known === undefined) KNOWN.set(key, (known = covariance(n, shared) / covariance(n, n)));
  return known;
}

function covariance(n: number, shared: number): number {
  const common = floats(POINTS);
  const own = floats(POINTS);
  for (let i = 0; i < POINTS; i++) {
    const p = normalCdf(LOW + ((HIGH - LOW) * i) / (POINTS - 1));
    common[i] = Math.pow(p, shared);
    own[i] = Math.pow(p, n - shared);
  }
  let sum = 0;
  for (let i = 0; i < POINTS; i++)
    for (let j = 0; j <= i; j++) sum += (i === j ? 1 : 2) * own[i]! * own[j]! * common[j]! * (1 - common[i]!);
  return sum;
}
