/** Number formats and the variances at which a typical entry, one standard deviation, leaves their range. */
export interface FloatLimit {
  readonly format: string;
  readonly kind: 'underflow' | 'overflow';
  readonly variance: number;
}

/** Smallest positive (subnormal) and largest number: IEEE 754 binary16 and binary32; bfloat16 has binary32's exponents. */
const FORMATS = [
  { format: 'float16', smallest: 2 ** -24, largest: 65504 },
  { format: 'bfloat16', smallest: 2 ** -133, largest: 3.3895e38 },
  { format: 'float32', smallest: 2 ** -149, largest: 3.4028e38 },
] as const;

export const FLOAT_LIMITS: readonly FloatLimit[] = FORMATS.flatMap(({ format, smallest, largest }) => [
  { format, kind: 'underflow' as const, variance: smallest ** 2 },
  { format, kind: 'overflow' as const, variance: largest ** 2 },
]);

export interface Crossing extends FloatLimit {
  /** Place of the first point beyond the limit. */
  readonly x: number;
  readonly y: number;
}

/** Where a curve first leaves a format's range, going the way it is computed. */
export function crossings(
  points: readonly { readonly x: number; readonly y: number }[],
  direction: 'forward' | 'backward',
): Crossing[] {
  const ordered = direction === 'forward' ? points : [...points].reverse();
  return FLOAT_LIMITS.flatMap((limit): Crossing[] => {
    const first = ordered.find(({ y }) => (limit.kind === 'underflow' ? y < limit.variance : y > limit.variance));
    return first === undefined ? [] : [{ ...limit, x: first.x, y: first.y }];
  });
}
