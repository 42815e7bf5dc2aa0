import { DEFAULT_MEMORY, type Graph } from '../model/index.js';
import { planFinite, planOf, workOf, type Simulated } from './batch/index.js';

/**
 * How `auto` decides: the moments are exact for wide layers and free of scatter, and cost nothing; draws at the real
 * widths know what a width of 64 does, but scatter. So a model is drawn as often as a few seconds of a processor allow,
 * on fewer samples where it is large, and both are put together (`estimate.ts`). Decided by counting, never by a
 * clock: the same model gives the same Report everywhere.
 */

/** Multiply-adds that all draws together may take: some four seconds of one processor, of which there are mostly two. */
const BUDGET = 8e10;
/** What the fewest draws may take that are worth having; beyond it the moments stand alone. */
const MOST = 2e11;
/** Of one draw nobody can tell how much it scatters. */
const FEWEST_SEEDS = 2;
const USUAL_SEEDS = 3;
const MOST_SEEDS = 24;
/** More samples are worth more than more draws from here on. */
const ENOUGH_SEEDS = 12;
/** What half the samples have to bring in draws. */
const WORTH_HALVING = 1.5;
/**
 * Fewer samples and entries than these make batch statistics that theory does not carry over to those of a whole batch:
 * of one sample a normalization takes off all of a gradient that is alike at all places.
 */
const FEWEST_SAMPLES = 2;
const FEWEST_ENTRIES = 8;

/** How many draws a model is worth; 0 where moments have to do. `share`: of the budget, where several models want of it. */
export function seedsFor(model: Simulated, memoryLimit?: number, share = 1): number {
  const plan = planFinite(model, 'sampler', memoryLimit);
  return 'refused' in plan ? 0 : affordable(workOf(plan, model.parameters), share);
}

function affordable(work: number, share: number): number {
  const seeds = Math.min(MOST_SEEDS, Math.floor((share * BUDGET) / work));
  if (seeds >= USUAL_SEEDS) return seeds;
  const most = Math.min(USUAL_SEEDS, Math.floor((share * MOST) / work));
  return most >= FEWEST_SEEDS ? most : 0;
}

/** Multiply-adds of that many draws; infinite where there is no memory for any. */
export function workOfDraws(model: Simulated, seeds: number, memoryLimit?: number): number {
  const plan = planFinite(model, 'sampler', memoryLimit);
  return 'refused' in plan ? Infinity : seeds * workOf(plan, model.parameters);
}

/** About half a second of one processor: draws that take less are done before workers have started. */
export const LIGHT_WORK = 8e9;

/**
 * On how many of its `batch` samples a model should be drawn. Without batch statistics samples have nothing to do with
 * each other, and many draws of a few tell more than few draws of many; with them it is all, if that is affordable.
 */
export function samplesFor(model: Simulated, batch: number, memoryLimit = DEFAULT_MEMORY, share = 1): number {
  const plan = planOf(model, 'sampler', memoryLimit);
  const entries = smallestStatistic(model.graph);
  const [least, wished] =
    entries === Infinity
      ? [1, ENOUGH_SEEDS]
      : [Math.max(FEWEST_SAMPLES, (FEWEST_ENTRIES * batch) / entries), USUAL_SEEDS];
  let best = { samples: batch, seeds: 0 };
  for (let samples = batch; samples >= least && best.seeds < wished; samples = Math.floor(samples / 2)) {
    // A single sample is for models that can't be drawn otherwise.
    if (samples < FEWEST_SAMPLES && best.seeds >= USUAL_SEEDS) break;
    const part = samples / batch;
    if (part * plan.bytes > memoryLimit) continue;
    const seeds = affordable(workOf(plan, model.parameters, part), share);
    // Where weights take most of the time, fewer samples save little of it.
    const isWorth = best.seeds < USUAL_SEEDS ? seeds > best.seeds : seeds >= WORTH_HALVING * best.seeds;
    if (isWorth) best = { samples, seeds };
  }
  return best.samples;
}

/** Entries that the smallest of all batch statistics is made of. */
function smallestStatistic(graph: Graph): number {
  let least = Infinity;
  for (const { operation, inputs } of graph.nodes) {
    if (operation.kind !== 'normalize' || operation.over !== 'batch') continue;
    const shape = graph.values[inputs[0] ?? -1]?.shape ?? [];
    least = Math.min(
      least,
      shape.reduce<number>((n, size, axis) => (axis === 1 || typeof size !== 'number' ? n : n * size), 1),
    );
  }
  return least;
}
