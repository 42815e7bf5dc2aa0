import type { Distribution } from '../../src/protocol/model.js';

/** A picture of a distribution: a density over [low, high], and single values that have a share of their own. */
export interface Density {
  readonly low: number;
  readonly high: number;
  readonly heights: readonly number[];
  /** Share of entries that have exactly this value. */
  readonly spikes: readonly { readonly at: number; readonly share: number }[];
}

const POINTS = 81;

/** What a histogram of endlessly many freshly drawn weights would show; undefined where that is not known. */
export function densityOf(d: Distribution): Density | undefined {
  const reach = reachOf(d);
  if (reach === undefined) return undefined;
  const [low, high] =
    reach[0] < reach[1] ? reach : [reach[0] - (Math.abs(reach[0]) || 1), reach[1] + (Math.abs(reach[1]) || 1)];
  const heights = Array.from({ length: POINTS }, (_, i) => heightAt(d, low + ((high - low) * i) / (POINTS - 1)));
  return { low, high, heights, spikes: spikesOf(d) };
}

function reachOf(d: Distribution): readonly [number, number] | undefined {
  switch (d.kind) {
    case 'uniform': {
      const margin = 0.15 * (d.high - d.low);
      return [d.low - margin, d.high + margin];
    }
    case 'truncatedNormal':
      return [Math.max(d.low, d.location - 4 * d.scale), Math.min(d.high, d.location + 4 * d.scale)];
    case 'normal':
    case 'orthogonal':
      return [d.mean - 4 * d.std, d.mean + 4 * d.std];
    case 'sparse':
      return [-4 * d.nonzeroStd, 4 * d.nonzeroStd];
    case 'constant':
      return [Math.min(0, d.mean), Math.max(0, d.mean)];
    case 'identity':
      return [Math.min(0, d.value), Math.max(0, d.value)];
    case 'dirac':
      return [0, 1];
    case 'mixture': {
      const reaches = d.parts.flatMap(({ distribution }) => {
        const reach = reachOf(distribution);
        return reach === undefined ? [] : [reach];
      });
      return reaches.length === 0
        ? undefined
        : [Math.min(...reaches.map(([a]) => a)), Math.max(...reaches.map(([, b]) => b))];
    }
    case 'uninitialized':
    case 'unknown':
      return undefined;
  }
}

function heightAt(d: Distribution, x: number): number {
  switch (d.kind) {
    case 'uniform':
      return x >= d.low && x <= d.high ? 1 / (d.high - d.low) : 0;
    case 'normal':
      return bell(x, d.mean, d.std);
    // Entries of a large random orthogonal matrix are normal.
    case 'orthogonal':
      return bell(x, d.mean, d.std);
    case 'truncatedNormal':
      return x >= d.low && x <= d.high ? bell(x, d.location, d.scale) : 0;
    case 'sparse':
      return (1 - d.sparsity) * bell(x, 0, d.nonzeroStd);
    case 'mixture':
      return d.parts.reduce((sum, { fraction, distribution }) => sum + fraction * heightAt(distribution, x), 0);
    default:
      return 0;
  }
}

function bell(x: number, mean: number, std: number): number {
  return std > 0 ? Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI)) : 0;
}

function spikesOf(d: Distribution): Density['spikes'] {
  switch (d.kind) {
    case 'constant':
      return [{ at: d.mean, share: 1 }];
    case 'sparse':
      return [{ at: 0, share: d.sparsity }];
    // Ones (or whatever stands on the diagonal) among zeros: mean = share · value.
    case 'identity':
    case 'dirac': {
      const value = d.kind === 'identity' ? d.value : 1;
      const share = value === 0 ? 0 : d.mean / value;
      return [
        { at: 0, share: 1 - share },
        { at: value, share },
      ];
    }
    case 'mixture':
      return d.parts.flatMap(({ fraction, distribution }) =>
        spikesOf(distribution).map(({ at, share }) => ({ at, share: share * fraction })),
      );
    default:
      return [];
  }
}
