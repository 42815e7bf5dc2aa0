/** Draws speak against the theory from so many standard errors on. */
const STANDARD_ERRORS = 3;
/**
 * Of a few draws the scatter itself is hardly known. Before a model is drawn its usual layer is taken to scatter so much,
 * in logarithms, which counts one draw and a half; before a layer is looked at it is taken for the usual one, which counts two.
 */
const USUAL_SCATTER = 0.2;
const USUAL_WEIGHT = 1.5;
const LAYER_WEIGHT = 2;
/** What the theory is off by at widths that models have, in logarithms: see docs/accuracy.md. */
const THEORY_ERROR = 0.1;

/** By how much one draw of a model's usual layer is off, relative to its mean: the median over layers. */
export function usualScatter(layers: Iterable<readonly number[]>): number {
  const squares: number[] = [];
  let most = 0;
  for (const draws of layers) {
    const mean = meanOf(draws);
    if (draws.length < 2 || !(mean > 0)) continue;
    most = Math.max(most, draws.length - 1);
    squares.push(squaresOf(draws, mean) / (draws.length - 1));
  }
  squares.sort((a, b) => a - b);
  const median = squares[squares.length >> 1] ?? 0;
  return Math.sqrt((USUAL_WEIGHT * USUAL_SCATTER ** 2 + most * median) / (USUAL_WEIGHT + most));
}

/**
 * What the draws count for beside the theory, in [0, 1], where both know one variance. The theory has no scatter and a
 * small error; the draws' mean has no error and some scatter. While they agree, each counts by its precision; where the
 * draws speak against the theory, only they count. `usual`: the model's usual scatter.
 */
export function weightOfDraws(theory: number | undefined, draws: readonly number[], usual = USUAL_SCATTER): number {
  const n = draws.length;
  if (n === 0) return 0;
  if (theory === undefined) return 1;
  const mean = meanOf(draws);
  // Exactly no signal is not a matter of scatter.
  if (!(theory > 0) || !(mean > 0)) return theory === mean ? 0 : 1;
  const scatter = (LAYER_WEIGHT * usual ** 2 + squaresOf(draws, mean)) / (LAYER_WEIGHT + n - 1);
  const error = scatter / n;
  if (Math.abs(Math.log(theory / mean)) > STANDARD_ERRORS * Math.sqrt(error)) return 1;
  return THEORY_ERROR ** 2 / (THEORY_ERROR ** 2 + error);
}

function meanOf(draws: readonly number[]): number {
  return draws.reduce((sum, v) => sum + v, 0) / draws.length;
}

/** Σ of squared deviations, relative to the mean. */
function squaresOf(draws: readonly number[], mean: number): number {
  return draws.reduce((sum, v) => sum + (v / mean - 1) ** 2, 0);
}

/** Two variances by weight, on a logarithmic scale. */
export function blended(theory: number, draws: number, weight: number): number {
  return theory > 0 && draws > 0 ? theory ** (1 - weight) * draws ** weight : weight === 1 ? draws : theory;
}
