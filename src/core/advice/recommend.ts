import { constant, normal } from '../initializers/index.js';
import type { Distribution, Model, Parameter, ParameterId, Recommendation } from '../model/index.js';
import type { Survey } from './recommendation/place.js';
import { recommendRecurrent } from './recommendation/recurrent.js';
import { recommendWeights } from './recommendation/shared.js';

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
 * (the end of a residual branch, an output layer, an embedding, a recurrence).
 */
export function recommend(s: Survey): LayerRecommendation[] {
  const places = new Map(s.places.map((p) => [p.index, p]));
  const byWeight = recommendWeights(s);
  return s.model.graph.nodes.flatMap(({ operation }, i): LayerRecommendation[] => {
    const layer = s.owner[i];
    if (operation.kind === 'recurrent')
      return [{ layer, weight: undefined, bias: undefined, recommendation: recommendRecurrent(s.model, operation) }];
    const place = places.get(i);
    if (place === undefined) return [];
    const { weight, bias } = place.fan;
    return [{ layer, weight, bias, recommendation: byWeight.get(weight)! }];
  });
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
