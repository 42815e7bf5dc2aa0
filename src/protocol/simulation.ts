import * as v from 'valibot';
import type {
  InitLaw,
  InputStatistics,
  SimulationProgress,
  SimulationSettings,
  WhatIf,
  WhatIfOutcome,
} from '../core/model/index.js';
import { parse, type Parsed } from './parse.js';

/** Settings of a simulation as they come from a web page or a command line: checked before anybody works with them. */

const finite = v.pipe(v.number(), v.finite());
const positive = v.pipe(finite, v.gtValue(0));
const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const name = v.pipe(v.string(), v.maxLength(500));
const names = v.pipe(v.array(name), v.maxLength(5000));

/** So many seeds that nobody waits for more. */
export const MOST_SEEDS = 1000;
export const MOST_BATCH = 4096;

const initLaw = v.variant('law', [
  v.object({ law: v.picklist(['zeros', 'orthogonal', 'default', 'recommended']) }),
  v.object({ law: v.literal('constant'), value: finite }),
  v.object({ law: v.literal('uniform'), bound: positive }),
  v.object({ law: v.literal('normal'), std: positive }),
  v.object({
    law: v.picklist(['lecun_normal', 'lecun_uniform', 'glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform']),
    gain: v.optional(positive),
  }),
]) satisfies v.GenericSchema<unknown, InitLaw>;

const whatIf = v.object({
  init: v.optional(v.array(v.object({ law: initLaw, layers: v.optional(names), zeroBias: v.optional(v.boolean()) }))),
  activation: v.optional(
    v.object({ to: name, constants: v.optional(v.record(v.string(), finite)), from: v.optional(names) }),
  ),
  inputScale: v.optional(positive),
  normalization: v.optional(v.literal('off')),
  width: v.optional(positive),
  depth: v.optional(positive),
}) satisfies v.GenericSchema<unknown, WhatIf>;

export const whatIfOutcome = v.object({
  applied: whatIf,
  refused: v.array(
    v.object({
      part: v.picklist(['init', 'activation', 'inputScale', 'normalization', 'width', 'depth']),
      reason: v.string(),
    }),
  ),
  notes: v.array(v.string()),
}) satisfies v.GenericSchema<unknown, WhatIfOutcome>;

const inputStatistics = v.union([
  v.object({ mean: finite, variance: v.pipe(finite, v.minValue(0)) }),
  v.object({ oneHot: v.literal(true), value: v.optional(finite) }),
  v.object({ tokens: count(2 ** 31) }),
]) satisfies v.GenericSchema<unknown, InputStatistics>;

export const simulationSettings = v.object({
  engine: v.optional(v.picklist(['moments', 'sampler', 'dense', 'auto'])),
  seeds: v.optional(count(MOST_SEEDS)),
  firstSeed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31))),
  batch: v.optional(count(MOST_BATCH)),
  training: v.optional(v.boolean()),
  inputs: v.optional(v.array(v.optional(inputStatistics))),
  memoryLimit: v.optional(v.pipe(finite, v.minValue(2 ** 20), v.maxValue(2 ** 32))),
  withRecommended: v.optional(v.boolean()),
  thresholds: v.optional(v.object({ gradientDecades: positive, signalDecades: positive })),
  whatIf: v.optional(whatIf),
}) satisfies v.GenericSchema<unknown, SimulationSettings>;

export const parseSimulationSettings = (settings: unknown): Parsed<SimulationSettings> =>
  parse(simulationSettings, settings);

export const simulationProgress = v.object({
  seed: v.number(),
  seeds: v.number(),
  way: v.picklist(['forward', 'back']),
  layer: v.number(),
  layers: v.number(),
  done: v.number(),
}) satisfies v.GenericSchema<unknown, SimulationProgress>;

/** A draw that gave nothing: its worker died, or could not do it. */
export interface LostSeed {
  readonly seed: number;
  readonly message: string;
}

/** How much of a simulation is done. */
export interface SimulationState {
  /** Draws asked for; 0 for moments. */
  readonly seeds: number;
  readonly done: number;
  readonly lost: readonly LostSeed[];
}

export const simulationState = v.object({
  seeds: v.number(),
  done: v.number(),
  lost: v.array(v.object({ seed: v.number(), message: v.string() })),
}) satisfies v.GenericSchema<unknown, SimulationState>;
