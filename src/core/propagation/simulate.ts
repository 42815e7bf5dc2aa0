import { findingsOf } from '../advice/findings/index.js';
import type { Signals } from '../advice/findings/signals.js';
import { applyRecommendations, recommend, recommendationsByLayer } from '../advice/recommend.js';
import { survey } from '../advice/recommendation/place.js';
import {
  DEFAULT_BATCH,
  type Band,
  type LayerReport,
  type Model,
  type NumberSource,
  type ParameterReport,
  type Report,
  type Shape,
  type SimulationSettings,
  type UnknownNote,
  type ValueId,
} from '../model/index.js';
import { meanFieldSummary } from '../advice/mean-field.js';
import {
  drawSeeds,
  finiteEngineOf,
  mergeSeeds,
  simulateFinite,
  type BatchStatistics,
  type FiniteOptions,
  type SeedStatistics,
} from './batch/index.js';
import { anatomyOf } from './anatomy/index.js';
import { layerActivations } from './layer-activation.js';
import { backwardOf, forwardOf, valuesOf } from './layer-values.js';
import { blended, usualScatter, weightOfDraws } from './estimate.js';
import { drawnOf, overWholeBatch } from './part-of-batch.js';
import { seedsFor, workOfDraws } from './policy.js';
import { gradientEnds } from './gradient-flow.js';
import { lossOutput } from './loss.js';
import { prepare } from './prepare.js';
import { logSpread } from './moments/spread.js';
import { areAlike, propagateMoments, type MomentsOptions, type PropagationResult } from './moments/index.js';

/** How to simulate a model, and who is told of it; every engine takes the same options and gives the same Report. */
export interface SimulateOptions
  extends
    SimulationSettings,
    Pick<FiniteOptions, 'onProgress' | 'isCancelled' | 'helpers'>,
    Pick<MomentsOptions, 'isLate'> {
  /** What seeds that ran elsewhere have shown, instead of running any here. */
  readonly results?: readonly SeedStatistics[] | undefined;
  /** Share of the time that draws may take by `auto`, in (0, 1]. Default 1. */
  readonly share?: number | undefined;
  /** By `auto`, draws that take more multiply-adds in all are left to whoever has workers: moments alone. */
  readonly mostWork?: number | undefined;
}

/** What an engine found, value by value. */
interface Findings extends Signals {
  readonly engine: Report['engine'];
  unknown(v: ValueId): string | undefined;
  readonly notes: readonly ReadonlySet<string>[];
  readonly finite?: BatchStatistics;
  /** Moments only. */
  about?(v: ValueId): Pick<LayerReport, 'band' | 'correlation'>;
  /** Which of several engines gave the numbers. */
  from?(v: ValueId): LayerReport['from'];
}

function momentsFindings(result: PropagationResult, spread: readonly (number | undefined)[] = []): Findings {
  return {
    engine: 'moments',
    forward: (v) => forwardOf(result, v),
    backward: (v) => backwardOf(result, v),
    correlation(v) {
      const f = result.forward[v];
      return f === undefined || 'unknown' in f ? undefined : f.sampleCorrelation;
    },
    unitsAlike: (v, axis) => areAlike(result.fields[v], axis) && areAlike(result.gradients[v], axis),
    unknown(v) {
      const f = result.forward[v];
      if (f !== undefined && 'unknown' in f) return f.unknown;
      const b = result.backward[v];
      return b !== undefined && 'unknown' in b ? b.unknown : undefined;
    },
    notes: result.approximations.map((notes) => new Set(notes)),
    about(v) {
      const f = result.forward[v];
      if (f === undefined || 'unknown' in f) return {};
      const own = spread[v];
      return { correlation: f.sampleCorrelation, ...(own === undefined ? {} : { band: bandOf(f.variance, own) }) };
    },
  };
}

/** Number of standard deviations between the median and the 90 % quantile. */
const NINETY = 1.2815515655446004;

/** Of a lognormal with that mean. */
function bandOf(mean: number, logVariance: number): Band {
  const median = mean * Math.exp(-logVariance / 2);
  const factor = Math.exp(NINETY * Math.sqrt(logVariance));
  return { low: median / factor, median, high: median * factor };
}

function finiteFindings(engine: Report['engine'], finite: BatchStatistics): Findings {
  return {
    engine,
    forward: (v) => finite.forward.get(v),
    backward: (v) => finite.backward.get(v),
    correlation: (v) => finite.finite.get(v)?.correlation,
    unitsAlike: () => undefined,
    unknown: (v) => finite.unknown.get(v),
    notes: finite.notes,
    finite,
  };
}

/** Value by value what both say together: see `estimate.ts`. */
function combined(theory: Findings, results: readonly SeedStatistics[]): Findings {
  const finite = mergeSeeds(results);
  const forward = variancesOf(results.map((r) => r.forward));
  const backward = variancesOf(results.map((r) => r.backward));
  const [forwardScatter, backwardScatter] = [usualScatter(forward.values()), usualScatter(backward.values())];
  const forwardWeight = (v: ValueId): number =>
    weightOfDraws(theory.forward(v)?.variance, forward.get(v) ?? [], forwardScatter);
  const backwardWeight = (v: ValueId): number =>
    weightOfDraws(theory.backward(v)?.variance, backward.get(v) ?? [], backwardScatter);
  return {
    engine: 'auto',
    forward(v) {
      const [a, b, w] = [theory.forward(v), finite.forward.get(v), forwardWeight(v)];
      if (a === undefined || b === undefined) return a ?? b;
      return { mean: (1 - w) * a.mean + w * b.mean, variance: blended(a.variance, b.variance, w) };
    },
    backward(v) {
      const [a, b] = [theory.backward(v), finite.backward.get(v)];
      if (a === undefined || b === undefined) return a ?? b;
      return { variance: blended(a.variance, b.variance, backwardWeight(v)) };
    },
    correlation: (v) => finite.finite.get(v)?.correlation ?? theory.correlation(v),
    unitsAlike: (...given) => theory.unitsAlike(...given),
    unknown(v) {
      const isKnown = finite.forward.has(v) && (theory.forward(v) === undefined || finite.backward.has(v));
      return isKnown ? undefined : theory.unknown(v);
    },
    notes: theory.notes.map((notes, i) => new Set([...notes, ...(finite.notes[i] ?? [])])),
    finite,
    from: (v) => ({ forward: sourceOf(forwardWeight(v)), backward: sourceOf(backwardWeight(v)) }),
  };
}

function sourceOf(weight: number): NumberSource {
  return weight === 0 ? 'moments' : weight === 1 ? 'draws' : 'both';
}

function variancesOf(
  seeds: readonly (readonly (readonly [ValueId, { readonly variance: number }])[])[],
): Map<ValueId, number[]> {
  const out = new Map<ValueId, number[]>();
  for (const seed of seeds) for (const [v, { variance }] of seed) out.set(v, [...(out.get(v) ?? []), variance]);
  return out;
}

/** The model as it is, and with every recommendation applied. */
interface Outcome {
  readonly found: Findings;
  readonly better: Findings | undefined;
  readonly notes: readonly UnknownNote[];
}

function withMoments(model: Model, improved: Model | undefined, options: SimulateOptions): Outcome {
  const { training, batch, inputs, isLate } = options;
  const own: MomentsOptions = { training, batch, inputs, isLate };
  const result = propagateMoments(model, own);
  const better =
    improved === undefined || isLate?.() === true
      ? undefined
      : improved === model
        ? result
        : propagateMoments(improved, own, result);
  return {
    found: momentsFindings(result, isLate?.() === true ? [] : logSpread(model, result)),
    better: better === undefined ? undefined : momentsFindings(better),
    notes: [],
  };
}

/** The moments, and draws where these say otherwise. */
function withBoth(model: Model, improved: Model | undefined, options: SimulateOptions): Outcome {
  const theory = withMoments(model, improved, options);
  const source = drawnOf(model, 'auto');
  const seeds = options.results?.length ?? options.seeds ?? seedsFor(source, options.memoryLimit, options.share);
  if (seeds === 0 || options.isLate?.() === true) return theory;
  const { results: drawn, mostWork = Infinity } = options;
  if (drawn === undefined && mostWork < Infinity && workOfDraws(source, seeds, options.memoryLimit) > mostWork)
    return theory;
  const results = options.results ?? drawSeeds(source, { ...options, engine: 'sampler', seeds });
  if ('refused' in results) return theory;
  if (model.part === undefined) return { ...theory, found: combined(theory.found, results) };
  const { samples } = model.part;
  const part = withMoments(source, undefined, { ...options, batch: samples }).found;
  const times = (options.batch ?? DEFAULT_BATCH) / samples;
  return { ...theory, found: combined(theory.found, overWholeBatch(results, theory.found, part, times)) };
}

function outcomeOf(model: Model, improved: Model | undefined, options: SimulateOptions): Outcome {
  if (options.engine === 'auto') return withBoth(model, improved, options);
  const engine = finiteEngineOf(options.engine);
  if (engine === undefined) return withMoments(model, improved, options);
  if (options.results !== undefined)
    return { found: finiteFindings(engine, mergeSeeds(options.results)), better: undefined, notes: [] };
  const own = { ...options, engine };
  const result = simulateFinite(model, own);
  if ('refused' in result) {
    const moments = withMoments(model, improved, options);
    return { ...moments, notes: [{ reason: result.refused, range: model.definedAt, about: 'memory' }] };
  }
  const found = finiteFindings(engine, result);
  if (improved === undefined || improved === model)
    return { found, better: improved === undefined ? undefined : found, notes: [] };
  const better = simulateFinite(improved, own);
  return { found, better: 'refused' in better ? undefined : finiteFindings(engine, better), notes: [] };
}

/** Follows signals and gradients through the model and says, layer by layer, what they are and what would be better. */
export function simulate(given: Model, settings: SimulateOptions = {}): Report {
  const { model, inputs, whatIf } = prepare(given, settings);
  const options = { ...settings, inputs };
  const surveyed = options.isLate?.() === true ? undefined : survey(model, options.isLate);
  const recommendations = surveyed === undefined ? [] : recommend(surveyed);
  const byLayer = recommendationsByLayer(recommendations);
  const { withRecommended = options.engine === 'auto' || finiteEngineOf(options.engine) === undefined } = options;
  const improved = withRecommended ? applyRecommendations(model, recommendations) : undefined;
  const { found, better, notes } = outcomeOf(model, improved, options);
  const anatomy = surveyed && anatomyOf(surveyed);
  const shapeOf = (v: ValueId | undefined): Shape => (v === undefined ? [] : (model.graph.values[v]?.shape ?? []));

  const activationOf = layerActivations(model, surveyed);

  const ends = gradientEnds(model.graph, lossOutput(model.graph));
  const layers = model.layers.map((layer, i): LayerReport => {
    const activation = activationOf(layer);
    const approximations = new Set<string>();
    for (let n = layer.nodes[0]; n < layer.nodes[1]; n++)
      for (const note of found.notes[n] ?? []) approximations.add(note);
    const finite = found.finite?.finite.get(layer.output);
    const values = valuesOf(model, layer, found);
    const end = values.backward === undefined ? ends[layer.output] : undefined;
    return {
      name: layer.name,
      type: layer.type,
      kind: layer.kind,
      declaredAt: layer.declaredAt,
      calledAt: layer.calledAt,
      inputShape: shapeOf(layer.inputs[0]),
      outputShape: shapeOf(layer.output),
      ...anatomy?.layers[i],
      parameters: layer.parameters,
      ...values,
      recommended: byLayer.get(i),
      withRecommended: better === undefined ? undefined : valuesOf(model, layer, better),
      unknown:
        end?.stopsGradient === undefined || values.forward === undefined
          ? found.unknown(layer.output)
          : `no gradient arrives: ${end.stopsGradient} stops it`,
      ...(end?.range === undefined ? {} : { gradientStop: end.range }),
      ...(activation === undefined ? {} : { activation }),
      ...(finite === undefined ? {} : { finite }),
      ...found.about?.(layer.output),
      ...(found.from === undefined ? {} : { from: found.from(layer.output) }),
      approximations: approximations.size === 0 ? undefined : [...approximations],
    };
  });

  const meanField = surveyed === undefined || options.isLate?.() === true ? undefined : meanFieldSummary(surveyed);
  return {
    schema: 1,
    file: model.file,
    framework: model.framework,
    entry: model.entry,
    entryAt: model.entryAt,
    arguments: model.arguments,
    className: model.className,
    definedAt: model.definedAt,
    input: model.input,
    inputFrom: model.inputFrom,
    inputRanges: anatomy?.inputRanges,
    engine: found.engine,
    parameters: model.parameters.map((p, id) => parameterReport(p, found.finite?.weights.get(id))),
    modules: model.modules,
    layers,
    curves: anatomy?.curves,
    unknown: [...model.unknown, ...notes],
    findings:
      surveyed === undefined || options.isLate?.() === true
        ? []
        : findingsOf(surveyed, { layers, signals: found }, options.thresholds),
    ...(meanField === undefined ? {} : { meanField }),
    ...(whatIf === undefined ? {} : { whatIf }),
  };
}

function parameterReport(p: Model['parameters'][number], gradient: ParameterReport['gradient']): ParameterReport {
  return {
    name: p.name,
    aliases: p.aliases,
    shape: p.shape,
    fanIn: p.fanIn,
    fanOut: p.fanOut,
    distribution: p.distribution,
    setBy: p.setBy,
    declaredAt: p.declaredAt,
    ...(p.unregistered ? { unregistered: true as const } : {}),
    ...(p.lazy ? { lazy: true as const } : {}),
    ...(gradient === undefined ? {} : { gradient }),
  };
}
