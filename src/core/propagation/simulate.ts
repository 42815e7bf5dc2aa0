import { applyRecommendations, recommend, recommendationsByLayer } from '../advice/recommend.js';
import type {
  ForwardMoments,
  Layer,
  LayerReport,
  Model,
  ParameterReport,
  Report,
  Shape,
  ValueId,
} from '../model/index.js';
import { isUnknown, propagateMoments, type MomentsOptions, type PropagationResult } from './moments/index.js';

/** How to simulate a model. Engines other than the moments' take the same options and give the same Report. */
export interface SimulateOptions extends MomentsOptions {
  readonly engine?: 'moments' | undefined;
  /** Also simulate the model with every recommendation applied. Default true. */
  readonly withRecommended?: boolean | undefined;
}

type Values = Pick<LayerReport, 'forward' | 'backward'>;

function forwardOf(result: PropagationResult, v: ValueId): ForwardMoments | undefined {
  const f = result.forward[v];
  return f === undefined || isUnknown(f as never) || 'unknown' in f
    ? undefined
    : { mean: f.mean, variance: f.variance };
}

/** Before the activation that the layer carries itself: the input of its last node, when that is an activation of a multi-node layer. */
function preActivation(model: Model, layer: Layer): ValueId | undefined {
  const [first, last] = layer.nodes;
  if (layer.kind !== 'module' || last - first < 2) return undefined;
  const node = model.graph.nodes[last - 1];
  const isActivation = node?.operation.kind === 'activation' || node?.operation.kind === 'softmax';
  return isActivation && node.outputs.includes(layer.output) ? node.inputs[0] : undefined;
}

function valuesOf(model: Model, layer: Layer, result: PropagationResult): Values {
  const forward = forwardOf(result, layer.output);
  const pre = preActivation(model, layer);
  const before = pre === undefined ? undefined : forwardOf(result, pre);
  const b = result.backward[layer.output];
  return {
    forward:
      forward === undefined || before === undefined
        ? forward
        : { ...forward, preMean: before.mean, preVariance: before.variance },
    backward: b === undefined || 'unknown' in b ? undefined : { variance: b.variance },
  };
}

function reasonOf(layer: Layer, result: PropagationResult): string | undefined {
  const f = result.forward[layer.output];
  if (f !== undefined && 'unknown' in f) return f.unknown;
  const b = result.backward[layer.output];
  return b !== undefined && 'unknown' in b ? b.unknown : undefined;
}

/** Follows signals and gradients through the model and says, layer by layer, what they are and what would be better. */
export function simulate(model: Model, options: SimulateOptions = {}): Report {
  const result = propagateMoments(model, options);
  const recommendations = recommend(model);
  const byLayer = recommendationsByLayer(recommendations);
  const improved = options.withRecommended === false ? undefined : applyRecommendations(model, recommendations);
  const better =
    improved === undefined ? undefined : improved === model ? result : propagateMoments(improved, options, result);
  const shapeOf = (v: ValueId | undefined): Shape => (v === undefined ? [] : (model.graph.values[v]?.shape ?? []));

  const layers = model.layers.map((layer, i): LayerReport => {
    const notes = new Set<string>();
    for (let n = layer.nodes[0]; n < layer.nodes[1]; n++)
      for (const note of result.approximations[n] ?? []) notes.add(note);
    return {
      name: layer.name,
      type: layer.type,
      kind: layer.kind,
      declaredAt: layer.declaredAt,
      calledAt: layer.calledAt,
      inputShape: shapeOf(layer.inputs[0]),
      outputShape: shapeOf(layer.output),
      parameters: layer.parameters,
      ...valuesOf(model, layer, result),
      recommended: byLayer.get(i),
      withRecommended: better === undefined ? undefined : valuesOf(model, layer, better),
      unknown: reasonOf(layer, result),
      approximations: notes.size === 0 ? undefined : [...notes],
    };
  });

  return {
    schema: 1,
    file: model.file,
    framework: model.framework,
    entry: model.entry,
    entryAt: model.entryAt,
    className: model.className,
    definedAt: model.definedAt,
    input: model.input,
    inputFrom: model.inputFrom,
    engine: 'moments',
    parameters: model.parameters.map(parameterReport),
    modules: model.modules,
    layers,
    unknown: model.unknown,
    findings: [],
  };
}

function parameterReport(p: Model['parameters'][number]): ParameterReport {
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
  };
}
