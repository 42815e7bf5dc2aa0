import { constant, normal } from '../initializers/index.js';
import type { Distribution, Model, Parameter, ParameterId, Recommendation } from '../model/index.js';
import { layerOfNode, Wiring } from './recommendation/graph-walk.js';
import { settingOf } from './recommendation/place.js';
import { recommendNode } from './recommendation/rules.js';

/** A recommendation and what it is for. */
export interface LayerRecommendation {
  /** Index into `model.layers`; undefined when the step belongs to none. */
  readonly layer: number | undefined;
  /** The weight it speaks of; undefined for a recurrent layer, which has several. */
  readonly weight: ParameterId | undefined;
  readonly bias: ParameterId | undefined;
  readonly recommendation: Recommendation;
}

/**
 * For every step with a weight: the initialization that keeps the signal's variance there, by what feeds the layer
 * (the gain belongs to the activation before it), what follows it (a norm absorbs the scale), and where it stands
 * (the end of a residual branch, an output layer, an embedding, a recurrence). Steps after `isLate` says so get none.
 */
export function recommend(model: Model, isLate: () => boolean = () => false): LayerRecommendation[] {
  // What depends on what takes long to find in a large graph.
  if (isLate()) return [];
  const setting = settingOf(model, new Wiring(model.graph));
  const owner = layerOfNode(model);
  const out: LayerRecommendation[] = [];
  model.graph.nodes.forEach((_, i) => {
    const found = isLate() ? undefined : recommendNode(setting, i);
    if (found === undefined) return;
    out.push({
      layer: owner[i],
      weight: found.fan?.weight,
      bias: found.fan?.bias,
      recommendation: found.recommendation,
    });
  });
  return out;
}

/** The first recommendation of each layer. */
export function recommendationsByLayer(recommendations: readonly LayerRecommendation[]): Map<number, Recommendation> {
  const map = new Map<number, Recommendation>();
  for (const r of recommendations) if (r.layer !== undefined && !map.has(r.layer)) map.set(r.layer, r.recommendation);
  return map;
}

/**
 * The model as it would be initialized by the recommendations: weights drawn from N(0, σ²), their biases zero.
 * What is satisfied, or has no σ, stays as it is.
 */
export function applyRecommendations(model: Model, recommendations: readonly LayerRecommendation[]): Model {
  const replaced = new Map<ParameterId, Distribution>();
  for (const { weight, bias, recommendation: r } of recommendations) {
    if (r.satisfied || weight === undefined || replaced.has(weight)) continue;
    if (r.std === undefined) {
      // Scale is absorbed but the weights are constant: any random draw will do.
      if (model.parameters[weight]?.distribution.kind === 'constant') replaced.set(weight, normal(0, 0.02));
      continue;
    }
    replaced.set(weight, normal(0, r.std));
    if (bias !== undefined) replaced.set(bias, constant(0));
  }
  if (replaced.size === 0) return model;
  const parameters = model.parameters.map((p, id): Parameter => {
    const distribution = replaced.get(id);
    return distribution === undefined ? p : { ...p, distribution };
  });
  return { ...model, parameters };
}
