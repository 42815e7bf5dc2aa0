import type { Distribution } from '../../../../model/index.js';
import { normalCdf } from '../../../../propagation/numerics/normal.js';

/** The value that a share u of a tensor's entries stays below; `undefined` where there is no such function. */
export function quantileOf(d: Distribution): ((u: number) => number) | undefined {
  switch (d.kind) {
    case 'uniform':
      // By mean and deviation: a piece of another law is noted as uniform, with its own.
      return (u) => d.mean + d.std * Math.sqrt(3) * (2 * u - 1);
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
