import { planFinite, workOf, type Simulated } from './batch/index.js';

/**
 * How `auto` decides: the moments are exact for wide layers and free of scatter, and cost nothing; draws at the real
 * widths know what a width of 64 does, but scatter. So a model is drawn as often as a few seconds of a processor allow,
 * and both are put together (`estimate.ts`). Decided by counting, never by a
 * clock: the same model gives the same Report everywhere.
 */

/** Multiply-adds that all draws together may take: about four seconds of one processor. */
const BUDGET = 3e10;
/** What the fewest draws may take that are worth having; beyond it the moments stand alone. */
const MOST = 9e10;
/** Of one draw nobody can tell how much it scatters. */
const FEWEST_SEEDS = 2;
const USUAL_SEEDS = 3;
const MOST_SEEDS = 24;

/** How many draws a model is worth; 0 where moments have to do. `share`: of the budget, where several models want of it. */
export function seedsFor(model: Simulated, memoryLimit?: number, share = 1): number {
  const plan = planFinite(model, 'sampler', memoryLimit);
  if ('refused' in plan) return 0;
  const work = workOf(plan, model.parameters);
  const affordable = Math.min(MOST_SEEDS, Math.floor((share * BUDGET) / work));
  if (affordable >= USUAL_SEEDS) return affordable;
  const most = Math.min(USUAL_SEEDS, Math.floor((share * MOST) / work));
  return most >= FEWEST_SEEDS ? most : 0;
}

/** Multiply-adds of that many draws; infinite where there is no memory for any. */
export function workOfDraws(model: Simulated, seeds: number, memoryLimit?: number): number {
  const plan = planFinite(model, 'sampler', memoryLimit);
  return 'refused' in plan ? Infinity : seeds * workOf(plan, model.parameters);
}

/** About half a second of one processor: draws that take less are done before workers have started. */
export const LIGHT_WORK = 4e9;
