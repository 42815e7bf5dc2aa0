import type { ValueId } from '../../model/index.js';
import { CLASSES } from './field.js';
import { floats } from './floats.js';

/**
 * What two values share because both are sums that hold the same earlier value: x + b(x) and x in
 * x + 0.2·(x + b(x)), whose variance is 1.2²·Var x and not (1 + 0.2²)·Var x. Outputs of layers with fresh random weights
 * share nothing with what came before; a sum shares what its terms do; a function of one value shares its regression on it
 * (exact for Gaussians: E[f(s)·b] = E[f′(s)]·E[s·b], Stein's lemma). Gradients are such sums too, read from the other end.
 */
export interface Term {
  readonly value: ValueId;
  readonly factor: number;
}

/** E[x·x′] − E[x]·E[x′] by class of pairs, over 2^scale. */
export interface Covariance {
  readonly kernel: Float64Array;
  readonly scale: number;
}

/** Sums nested deeper are taken as independent: this bounds the stack. */
const DEEPEST = 1000;

export class Streams {
  private readonly known = new Map<ValueId, Map<ValueId, Covariance | undefined>>();

  /** `own` is a value's covariance with itself, `terms` what it is made of, `isMadeAfter` the order in which values are made. */
  constructor(
    private readonly own: (v: ValueId) => Covariance | undefined,
    private readonly terms: (v: ValueId) => readonly Term[],
    private readonly isMadeAfter: (a: ValueId, b: ValueId) => boolean,
  ) {}

  /** Undefined where the two share nothing. */
  covariance(a: ValueId, b: ValueId, depth = 0): Covariance | undefined {
    if (a === b) return this.own(a);
    if (depth > DEEPEST) return undefined;
    const [late, early] = this.isMadeAfter(a, b) ? [a, b] : [b, a];
    let row = this.known.get(late);
    if (row === undefined) this.known.set(late, (row = new Map<ValueId, Covariance | undefined>()));
    if (row.has(early)) return row.get(early);
    let total: Covariance | undefined;
    for (const { value, factor } of this.terms(late)) {
      const part = this.covariance(value, early, depth + 1);
      if (part !== undefined) total = plus(total ?? { kernel: floats(CLASSES), scale: part.scale }, part, factor);
    }
    row.set(early, total);
    return total;
  }
}

/** a + factor·b. */
export function plus(a: Covariance, b: Covariance, factor: number): Covariance {
  const scale = Math.max(a.scale, b.scale);
  const [own, added] = [powerOf2(a.scale - scale), factor * powerOf2(b.scale - scale)];
  const kernel = floats(CLASSES);
  for (let m = 0; m < CLASSES; m++) kernel[m] = own * a.kernel[m]! + added * b.kernel[m]!;
  return { kernel, scale };
}

function powerOf2(exponent: number): number {
  return Math.pow(2, Math.max(-1070, exponent));
}
