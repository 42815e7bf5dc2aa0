import type { ForwardMoments, ValueId } from '../../model/index.js';

/** What a simulation found, value by value; undefined where it could not follow. */
export interface Signals {
  forward(v: ValueId): ForwardMoments | undefined;
  /** Of the gradient with respect to the value. */
  backward(v: ValueId): { readonly variance: number } | undefined;
  /** E[x·x′]/E[x²] of one unit's answers to two inputs: 1 when all inputs look alike. */
  correlation(v: ValueId): number | undefined;
  /** All units compute the same, and get the same gradient; `axis` tells units apart. */
  unitsAlike(v: ValueId, axis: number): boolean | undefined;
}
