import * as v from 'valibot';
import type {
  Distribution,
  FiniteStatistics,
  MeanFieldSummary,
  Recommendation,
  Report,
  SignalValues,
} from '../core/model/index.js';
import { whatIfOutcome } from './simulation.js';

/** Messages travel as JSON, where NaN and ±∞ are null. */
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((x) => x ?? NaN),
);

/** The Report as it arrives in the panel: the same shape as in the core, checked at run time. */

export const sourceRange = v.object({
  file: v.string(),
  start: number,
  end: number,
  line: number,
  cell: v.optional(v.number()),
});

const shape = v.array(v.union([number, v.string()]));
const scale = { mean: number, std: number };

const distribution: v.GenericSchema<unknown, Distribution> = v.variant('kind', [
  v.object({ kind: v.literal('normal'), ...scale }),
  v.object({ kind: v.literal('uniform'), ...scale, low: number, high: number }),
  v.object({
    kind: v.literal('truncatedNormal'),
    ...scale,
    location: number,
    scale: number,
    low: number,
    high: number,
  }),
  v.object({ kind: v.literal('orthogonal'), ...scale, gain: number }),
  v.object({ kind: v.literal('constant'), mean: number, std: v.literal(0) }),
  v.object({ kind: v.literal('identity'), ...scale, value: number }),
  v.object({ kind: v.literal('dirac'), ...scale, groups: number }),
  v.object({ kind: v.literal('sparse'), ...scale, sparsity: number, nonzeroStd: number }),
  v.object({
    kind: v.literal('mixture'),
    ...scale,
    parts: v.array(
      v.object({ fraction: number, distribution: v.lazy((): v.GenericSchema<unknown, Distribution> => distribution) }),
    ),
  }),
  v.object({ kind: v.literal('uninitialized') }),
  v.object({ kind: v.literal('unknown'), reason: v.string() }),
]);

const band = v.object({ low: number, median: number, high: number });

const parameter = v.object({
  name: v.string(),
  aliases: v.array(v.string()),
  shape,
  fanIn: v.optional(number),
  fanOut: v.optional(number),
  distribution,
  setBy: v.object({ what: v.string(), range: v.optional(sourceRange) }),
  declaredAt: v.optional(sourceRange),
  unregistered: v.optional(v.literal(true)),
  gradient: v.optional(v.object({ meanSquare: band, ratio: v.optional(band) })),
});

const leafModule = v.object({
  name: v.string(),
  type: v.string(),
  declaredAt: v.optional(sourceRange),
  parameters: v.array(number),
});

const forward = v.object({
  mean: number,
  variance: number,
  preMean: v.optional(number),
  preVariance: v.optional(number),
});
const backward = v.object({ variance: number });

/** The numbers of a what-if on layers that the panel knows. */
export const signalValues = v.object({
  layers: v.array(v.object({ forward: v.optional(forward), backward: v.optional(backward) })),
  whatIf: v.optional(whatIfOutcome),
}) satisfies v.GenericSchema<unknown, SignalValues>;

const finite = v.object({
  seeds: number,
  forwardVariance: band,
  backwardVariance: v.optional(band),
  histogram: v.object({ limit: number, counts: v.array(number) }),
  gradientHistogram: v.optional(v.object({ lowest: number, counts: v.array(number), zeros: number })),
  correlation: v.optional(number),
  effectiveRank: v.optional(number),
  saturated: v.optional(number),
  dead: v.optional(number),
}) satisfies v.GenericSchema<unknown, FiniteStatistics>;

const recommendation = v.object({
  init: v.string(),
  std: v.optional(number),
  symbolic: v.optional(v.string()),
  gain: v.optional(number),
  satisfied: v.boolean(),
  why: v.string(),
  weight: v.optional(number),
  bias: v.optional(number),
  fedBy: v.optional(
    v.object({
      kind: v.picklist(['data', 'norm', 'linear', 'activation', 'sum', 'embedding', 'other']),
      label: v.string(),
      activation: v.optional(v.string()),
      slope: v.optional(number),
    }),
  ),
  branches: v.optional(number),
}) satisfies v.GenericSchema<unknown, Recommendation>;

const source = v.picklist(['moments', 'draws', 'both']);

const layer = v.object({
  name: v.string(),
  type: v.string(),
  kind: v.picklist(['module', 'function']),
  declaredAt: v.optional(sourceRange),
  calledAt: v.optional(sourceRange),
  inputShape: shape,
  outputShape: shape,
  fedBy: v.optional(v.array(number)),
  residual: v.optional(v.picklist(['stream', 'branch'])),
  curve: v.optional(number),
  parameters: v.array(number),
  forward: v.optional(forward),
  backward: v.optional(backward),
  recommended: v.optional(recommendation),
  withRecommended: v.optional(v.object({ forward: v.optional(forward), backward: v.optional(backward) })),
  unknown: v.optional(v.string()),
  gradientStop: v.optional(sourceRange),
  band: v.optional(band),
  correlation: v.optional(number),
  from: v.optional(v.object({ forward: source, backward: source })),
  finite: v.optional(finite),
  approximations: v.optional(v.array(v.string())),
});

export const note = v.object({ reason: v.string(), range: v.optional(sourceRange) });

const finding = v.object({
  code: v.string(),
  severity: v.picklist(['error', 'warning', 'info', 'hint']),
  range: v.optional(sourceRange),
  message: v.string(),
  layer: v.optional(v.string()),
});

export const constructorArgument = v.object({
  name: v.string(),
  value: v.optional(v.string()),
  reason: v.optional(v.string()),
});

const meanField = v.object({
  activation: v.string(),
  layers: number,
  weightVariance: number,
  biasVariance: number,
  fixedPoint: v.optional(number),
  chi: number,
  correlation: v.optional(number),
  varianceDepth: v.optional(number),
  correlationDepth: v.optional(number),
  critical: v.optional(v.object({ weightVariance: number, fixedPoint: number })),
}) satisfies v.GenericSchema<unknown, MeanFieldSummary>;

const pair = v.tuple([number, number]);
const activationCurve = v.object({
  name: v.string(),
  label: v.string(),
  points: v.array(pair),
  saturated: v.optional(v.array(pair)),
});

export const report = v.object({
  schema: v.literal(1),
  file: v.string(),
  framework: v.picklist(['torch', 'keras', 'flax', 'tfjs', 'plain']),
  entry: v.string(),
  entryAt: v.optional(sourceRange),
  arguments: v.optional(v.array(constructorArgument)),
  className: v.string(),
  definedAt: v.optional(sourceRange),
  input: v.array(shape),
  inputFrom: v.string(),
  inputRanges: v.optional(v.array(v.nullable(v.number()))),
  engine: v.picklist(['moments', 'sampler', 'dense', 'auto']),
  parameters: v.array(parameter),
  modules: v.array(leafModule),
  layers: v.array(layer),
  curves: v.optional(v.array(activationCurve)),
  unknown: v.array(note),
  findings: v.array(finding),
  meanField: v.optional(meanField),
  whatIf: v.optional(whatIfOutcome),
}) satisfies v.GenericSchema<unknown, Report>;
