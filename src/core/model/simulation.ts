import type { Thresholds } from '../config/config.js';
import type { WhatIf } from './whatif.js';

/**
 * `moments`: the mean-field recursion. `dense` and `sampler`: a real batch at the real widths, with weights held or
 * drawn only as far as they are seen. `auto`: moments, and as many draws as a few seconds allow, which are
 * put together.
 */
export type Engine = 'moments' | 'sampler' | 'dense' | 'auto';

/**
 * Statistics of one input: iid normal entries with that mean and variance, one 1 in each last axis, or integers
 * uniform below `tokens` (and below the range that the model takes).
 */
export type InputStatistics =
  | { readonly mean: number; readonly variance: number }
  | { readonly oneHot: true; /** The 1. */ readonly value?: number | undefined }
  | { readonly tokens: number };

export const DEFAULT_SEEDS = 4;
export const DEFAULT_BATCH = 8;
export const DEFAULT_MEMORY = 400 * 2 ** 20;

/** How to simulate a model: plain data that every surface and every worker understands. */
export interface SimulationSettings {
  /** Default `moments`. */
  readonly engine?: Engine | undefined;
  /** Finite-width engines: how many independent draws. Default 4; `auto` counts what it can afford. */
  readonly seeds?: number | undefined;
  /** Number of the first draw; others follow it. Default 1. */
  readonly firstSeed?: number | undefined;
  /** Samples in the batch, where the traced input has one. Default 8. */
  readonly batch?: number | undefined;
  /** Batch statistics and dropout on. Default true. */
  readonly training?: boolean | undefined;
  /** By input, in their order. Default: iid N(0,1), integers uniform over their range. */
  readonly inputs?: readonly (InputStatistics | undefined)[] | undefined;
  /** Finite-width engines: bytes that a worker may take. Default 400 MB. */
  readonly memoryLimit?: number | undefined;
  /** Also simulate the model with every recommendation applied. By default only with moments: others take as long again. */
  readonly withRecommended?: boolean | undefined;
  /** From where on signal and gradient count as lost in findings. */
  readonly thresholds?: Thresholds | undefined;
  /** Changes to try. */
  readonly whatIf?: WhatIf | undefined;
}

/** Where a simulation at finite width is. */
export interface SimulationProgress {
  /** From 1. */
  readonly seed: number;
  readonly seeds: number;
  readonly way: 'forward' | 'back';
  /** From 1, in execution order also on the way back. */
  readonly layer: number;
  readonly layers: number;
  /** Share of all the work that is done, in [0, 1]. */
  readonly done: number;
}
