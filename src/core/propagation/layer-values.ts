import type { Layer, LayerReport, Model, SignalValues, SimulationSettings, ValueId } from '../model/index.js';
import { propagateMoments, type PropagationResult } from './moments/index.js';
import { prepare } from './prepare.js';

type Values = Pick<LayerReport, 'forward' | 'backward'>;

/** What an engine says of each value of the graph. */
interface Found {
  forward(v: ValueId): LayerReport['forward'];
  backward(v: ValueId): LayerReport['backward'];
}

/** Before the activation that the layer carries itself: the input of its last node, when that is an activation of a multi-node layer. */
function preActivation(model: Model, layer: Layer): ValueId | undefined {
  const [first, last] = layer.nodes;
  if (layer.kind !== 'module' || last - first < 2) return undefined;
  const node = model.graph.nodes[last - 1];
  const isActivation = node?.operation.kind === 'activation' || node?.operation.kind === 'softmax';
  return isActivation && node.outputs.includes(layer.output) ? node.inputs[0] : undefined;
}

export function valuesOf(model: Model, layer: Layer, found: Found): Values {
  const forward = found.forward(layer.output);
  const pre = preActivation(model, layer);
  const before = pre === undefined ? undefined : found.forward(pre);
  return {
    forward:
      forward === undefined || before === undefined
        ? forward
        : { ...forward, preMean: before.mean, preVariance: before.variance },
    backward: found.backward(layer.output),
  };
}

export function forwardOf(result: PropagationResult, v: ValueId): LayerReport['forward'] {
  const f = result.forward[v];
  return f === undefined || 'unknown' in f ? undefined : { mean: f.mean, variance: f.variance };
}

export function backwardOf(result: PropagationResult, v: ValueId): LayerReport['backward'] {
  const b = result.backward[v];
  return b === undefined || 'unknown' in b ? undefined : { variance: b.variance };
}

/**
 * The numbers alone that moments give of a model with a what-if's changes, for whoever has the Report of its layers:
 * no advice, no findings. `undefined` where the changes make other layers, whose numbers say nothing without their Report.
 */
export function signalValues(given: Model, settings: SimulationSettings): SignalValues | undefined {
  const { model, inputs, whatIf } = prepare(given, settings);
  const isSame =
    model.layers.length === given.layers.length && model.layers.every(({ name }, i) => given.layers[i]?.name === name);
  if (!isSame) return undefined;
  const { training, batch } = settings;
  const result = propagateMoments(model, { training, batch, inputs });
  const found: Found = { forward: (v) => forwardOf(result, v), backward: (v) => backwardOf(result, v) };
  return { layers: model.layers.map((layer) => valuesOf(model, layer, found)), ...(whatIf && { whatIf }) };
}
