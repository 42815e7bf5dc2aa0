export { mergeSeeds, type BatchStatistics } from './statistics/merge.js';
export { workOf } from './work.js';
export { planOf, simulateSeed, type SeedOptions, type SeedStatistics, type Simulated } from './seed.js';
export {
  finiteEngineOf,
  planFinite,
  SeedRunner,
  drawSeeds,
  simulateFinite,
  Cancelled,
  tooLarge,
  type FiniteOptions,
  type Refusal,
} from './finite.js';
export type { FiniteEngine } from './plan.js';
