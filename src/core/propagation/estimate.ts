/** Draws speak against the theory from so many standard errors on. */
const STANDARD_ERRORS = 2;
/**
 * Of a few draws the scatter itself is hardly known. Before any is seen it is taken to be that of the usual layer, in
 * logarithms, with the weight of so many draws.
 */
const USUAL_SCATTER = 0.2;
const USUAL_WEIGHT = 2;
/** What the theory is off by at widths that models have, in logarithms: see docs/accuracy.md. */
const THEORY_ERROR = 0.1;

/**
 * What the draws count for beside the theory, in [0, 1], where both know one variance. The theory has no scatter and a
 * small error; the draws' mean has no error and some scatter. While they agree, each counts by its precision; where the
 * draws speak against the theory, only they count.
 */
export function weightOfDraws(theory: number | undefined, draws: readonly number[]): number {
  const n = draws.length;
  if (n === 0) return 0;
  if (theory === undefined) return 1;
  const mean = draws.reduce((sum, v) => sum + v, 0) / n;
  // Exactly no signal is not a matter of scatter.
  if (!(theory > 0) || !(mean > 0)) return theory === mean ? 0 : 1;
  const squares = draws.reduce((sum, v) => sum + (v / mean - 1) ** 2, 0);
  const scatter = (USUAL_WEIGHT * USUAL_SCATTER ** 2 + squares) / (USUAL_WEIGHT + n - 1);
  const error = scatter / n;
  if (Math.abs(Math.log(theory / mean)) > STANDARD_ERRORS * Math.sqrt(error)) return 1;
  return THEORY_ERROR ** 2 / (THEORY_ERROR ** 2 + error);
}

/** Two variances by weight, on a logarithmic scale. */
export function blended(theory: number, draws: number, weight: number): number {
  return theory > 0 && draws > 0 ? theory ** (1 - weight) * draws ** weight : weight === 1 ? draws : theory;
}
