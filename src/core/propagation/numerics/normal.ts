/**
 * The error function and the standard normal distribution in double precision.
 * erf, erfc and erfcx are W. J. Cody's rational Chebyshev approximations ("Rational Chebyshev approximations
 * for the error function", Math. Comp. 23, 1969; netlib specfun/erf), good to about 1e-16 relative.
 */

const A = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315] as const;
const B = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171] as const;
const C = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
] as const;
const D = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
] as const;
const P = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
] as const;
const Q = [
  2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
] as const;

export const SQRT_2PI = Math.sqrt(2 * Math.PI);
const INVERSE_SQRT_PI = 1 / Math.sqrt(Math.PI);

/** exp(y²)·erfc(y) for y > 0.46875. */
function scaledTail(y: number): number {
  if (y <= 4) {
    let top = C[8] * y;
    let bottom = y;
    for (let i = 0; i < 7; i++) {
      top = (top + (C[i] as number)) * y;
      bottom = (bottom + (D[i] as number)) * y;
    }
    return (top + C[7]) / (bottom + D[7]);
  }
  const z = 1 / (y * y);
  let top = P[5] * z;
  let bottom = z;
  for (let i = 0; i < 4; i++) {
    top = (top + (P[i] as number)) * z;
    bottom = (bottom + (Q[i] as number)) * z;
  }
  return (INVERSE_SQRT_PI - (z * (top + P[4])) / (bottom + Q[4])) / y;
}

/** exp(−y²), split so that the square's rounding error does not matter for large y. */
function gaussianTail(y: number): number {
  const whole = Math.trunc(y * 16) / 16;
  return Math.exp(-whole * whole) * Math.exp(-(y - whole) * (y + whole));
}

export function erf(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) {
    const z = y * y;
    let top = A[4] * z;
    let bottom = z;
    for (let i = 0; i < 3; i++) {
      top = (top + (A[i] as number)) * z;
      bottom = (bottom + (B[i] as number)) * z;
    }
    return (x * (top + A[3])) / (bottom + B[3]);
  }
  const r = y > 6 ? 1 : 1 - gaussianTail(y) * scaledTail(y);
  return x < 0 ? -r : r;
}

/** 1 − erf(x), without cancellation in the upper tail. */
export function erfc(x: number): number {
  if (x <= 0.46875) return x < -0.46875 ? 2 - erfc(-x) : 1 - erf(x);
  return x > 27 ? 0 : gaussianTail(x) * scaledTail(x);
}

/** exp(x²)·erfc(x): finite where erfc underflows. Overflows for x below −26. */
export function erfcx(x: number): number {
  if (x > 0.46875) return scaledTail(x);
  return Math.exp(x * x) * erfc(x);
}

/** Density of N(0,1). */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_2PI;
}

/** P(z ≤ x) for z ~ N(0,1). */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x * Math.SQRT1_2);
}

/** z with Φ(z) = p: a rational start (Abramowitz & Stegun 26.2.23), then Newton's and Halley's correction to full precision. */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let i = 0; i < 3; i++) {
    const u = (normalCdf(z) - p) / normalDensity(z);
    z -= u / (1 + (z * u) / 2);
  }
  return z;
}

/** P(a < z < b) for z ~ N(0,1), from whichever tail keeps the digits. */
export function normalInterval(a: number, b: number): number {
  if (!(a < b)) return 0;
  return a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
}

/**
 * ∫ z^k p(z) dz over (low, high), k = 0…degree, for z ~ N(mean, std²).
 * Recurrence by parts on the centred variable: M_k = (k−1)·M_{k−2} + a^{k−1}ϕ(a) − b^{k−1}ϕ(b), then the binomial shift.
 */
export function partialMoments(mean: number, std: number, low: number, high: number, degree: number): number[] {
  const a = (low - mean) / std;
  const b = (high - mean) / std;
  const atLow = Number.isFinite(a) ? normalDensity(a) : 0;
  const atHigh = Number.isFinite(b) ? normalDensity(b) : 0;
  const centred: number[] = [normalInterval(a, b)];
  let powerLow = 1;
  let powerHigh = 1;
  for (let k = 1; k <= degree; k++) {
    const edge = (atLow === 0 ? 0 : powerLow * atLow) - (atHigh === 0 ? 0 : powerHigh * atHigh);
    centred.push((k > 1 ? (k - 1) * centred[k - 2]! : 0) + edge);
    powerLow *= a;
    powerHigh *= b;
  }
  const out: number[] = [];
  for (let k = 0; k <= degree; k++) {
    let sum = 0;
    let binomial = 1;
    for (let j = 0; j <= k; j++) {
      sum += binomial * Math.pow(mean, k - j) * Math.pow(std, j) * centred[j]!;
      binomial = (binomial * (k - j)) / (j + 1);
    }
    out.push(sum);
  }
  return out;
}

/** E[e^{az}; z < 0] for z ~ N(mean, variance), a ≥ 0. Written with erfcx so that large a²·variance cannot overflow. */
export function exponentialBelowZero(a: number, mean: number, variance: number): number {
  const std = Math.sqrt(variance);
  const x = (mean + a * variance) / std;
  if (x > 0) return 0.5 * Math.exp((-mean * mean) / (2 * variance)) * erfcx(x * Math.SQRT1_2);
  return Math.exp(a * mean + 0.5 * a * a * variance) * normalCdf(-x);
}
