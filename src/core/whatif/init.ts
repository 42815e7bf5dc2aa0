import { applyRecommendations, recommend } from '../advice/recommend.js';
import { survey } from '../advice/recommendation/place.js';
import { layerOfNode } from '../advice/recommendation/graph-walk.js';
import { constant } from '../initializers/index.js';
import type { Distribution, GraphNode, InitChange, Model, ParameterId } from '../model/index.js';
import { withDistributions, type Altered } from './altered.js';
import { distributionOf } from './laws.js';

/** Weights and biases of one step of the graph. */
interface Owned {
  readonly layer: string;
  readonly weights: readonly ParameterId[];
  readonly biases: readonly ParameterId[];
  /** It has a weight, but computes it from others. */
  readonly isComputed: boolean;
}

/** All or some layers' weights drawn from another law. */
export function withInit(model: Model, change: InitChange): Altered {
  const steps = ownedParameters(model).filter((s) => change.layers?.includes(s.layer) ?? true);
  const missing = (change.layers ?? []).filter((name) => !model.layers.some((l) => l.name === name));
  if (missing.length > 0) return { refused: `there is no layer ${missing.join(', ')}` };
  if (steps.length === 0)
    return { refused: change.layers === undefined ? 'no layer has weights' : 'these layers have no weights' };
  if (change.law.law === 'recommended') return recommended(model, change);
  const replaced = new Map<ParameterId, Distribution>();
  const notes = new Set<string>();
  for (const step of steps) {
    if (step.isComputed) notes.add(`${step.layer}: its weight is computed from others`);
    for (const id of step.weights) {
      const p = model.parameters[id];
      if (p === undefined) continue;
      const d = distributionOf(change.law, p);
      if ('refused' in d) notes.add(`${p.name}: ${d.refused}`);
      else replaced.set(id, d);
    }
    for (const id of step.biases) {
      const p = model.parameters[id];
      const d = p && (change.law.law === 'default' ? distributionOf(change.law, p) : undefined);
      if (change.zeroBias === true) replaced.set(id, constant(0));
      else if (d !== undefined && !('refused' in d)) replaced.set(id, d);
    }
  }
  if (replaced.size === 0) return { refused: [...notes].join('; ') || 'no weight can be set' };
  return { model: withDistributions(model, replaced), notes: [...notes] };
}

function recommended(model: Model, { layers }: InitChange): Altered {
  const all = recommend(survey(model));
  const names = (i: number | undefined): string | undefined => (i === undefined ? undefined : model.layers[i]?.name);
  const wanted = layers === undefined ? all : all.filter((r) => layers.includes(names(r.layer) ?? ''));
  const { parameters } = applyRecommendations(model, wanted);
  const changed = parameters.flatMap((p, id) => (p === model.parameters[id] ? [] : [[id, p.distribution] as const]));
  return { model: withDistributions(model, new Map(changed)), notes: [] };
}

/** By node that has weights of its own. */
function ownedParameters(model: Model): Owned[] {
  const owner = layerOfNode(model);
  return model.graph.nodes.flatMap((node, i) => {
    const own = parametersOf(model, node);
    if (own === undefined) return [];
    const layer = owner[i];
    return [{ ...own, layer: (layer === undefined ? undefined : model.layers[layer]?.name) ?? node.path }];
  });
}

function parametersOf(model: Model, { operation: op }: GraphNode): Omit<Owned, 'layer'> | undefined {
  switch (op.kind) {
    case 'linear':
    case 'bilinear':
    case 'convolution':
      return {
        weights: op.weight === 'input' ? [] : [op.weight],
        biases: op.bias === undefined ? [] : [op.bias],
        isComputed: op.weight === 'input',
      };
    case 'embedding':
      return { weights: op.weight === 'input' ? [] : [op.weight], biases: [], isComputed: op.weight === 'input' };
    case 'recurrent': {
      const isMatrix = (id: ParameterId): boolean => (model.parameters[id]?.shape.length ?? 0) > 1;
      return {
        weights: op.parameters.filter(isMatrix),
        biases: op.parameters.filter((id) => !isMatrix(id)),
        isComputed: false,
      };
    }
    default:
      return undefined;
  }
}
