export { mergeSeeds, type BatchStatistics } from './statistics/merge.js';
export { planOf, simulateSeed, type SeedOptions, type SeedStatistics, type Simulated } from './seed.js';
export type { InputStatistics } from './draw/inputs.js';
export { simulateFinite, Cancelled, type FiniteOptions, type Refusal } from './finite.js';
