/**
 * The distribution of the entries of a freshly initialized tensor.
 *
 * `mean` and `std` are always those of one entry as initialized (a truncated normal carries its true standard
 * deviation, not the one it was asked for), so whoever needs only scale reads those two. The other fields say
 * enough to draw the tensor. `std` is a standard deviation, never a variance.
 */
export type Distribution =
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  | {
      readonly kind: 'uniform';
      readonly mean: number;
      readonly std: number;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'truncatedNormal';
      readonly mean: number;
      readonly std: number;
      /** Mean and standard deviation of the normal before it is cut to [low, high]. */
      readonly location: number;
      readonly scale: number;
      readonly low: number;
      readonly high: number;
    }
  /** gain·Q with Q semi-orthogonal: entries are uncorrelated but not independent. */
  | { readonly kind: 'orthogonal'; readonly mean: number; readonly std: number; readonly gain: number }
  | { readonly kind: 'constant'; readonly mean: number; readonly std: 0 }
  /** `value` on the diagonal, zero elsewhere; mean and std are those over all entries. */
  | { readonly kind: 'identity'; readonly mean: number; readonly std: number; readonly value: number }
  /** Convolution kernel that passes channels through (per group). */
  | { readonly kind: 'dirac'; readonly mean: number; readonly std: number; readonly groups: number }
  | {
      readonly kind: 'sparse';
      readonly mean: number;
      readonly std: number;
      readonly sparsity: number;
      readonly nonzeroStd: number;
    }
  /** Several regions of one tensor were set differently (a padding row, a gate's bias). `kind` is reported as the largest part's. */
  | {
      readonly kind: 'mixture';
      readonly mean: number;
      readonly std: number;
      readonly parts: readonly { readonly fraction: number; readonly distribution: Distribution }[];
      /** Where the parts lie: runs of entries, row by row, that cover the tensor. Absent where it is not known. */
      readonly runs?: readonly { readonly part: number; readonly length: number }[];
    }
  /** Memory as it was found (`torch.empty`): no distribution at all. */
  | { readonly kind: 'uninitialized'; readonly mean?: undefined; readonly std?: undefined }
  | { readonly kind: 'unknown'; readonly reason: string; readonly mean?: undefined; readonly std?: undefined };

/** A distribution whose mean and standard deviation are known. */
export type KnownDistribution = Exclude<Distribution, { kind: 'uninitialized' | 'unknown' }>;

export function isKnown(d: Distribution): d is KnownDistribution {
  return d.kind !== 'uninitialized' && d.kind !== 'unknown';
}
