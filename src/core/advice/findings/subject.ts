import type { LayerReport, Model } from '../../model/index.js';
import { layerOfNode, Wiring } from '../recommendation/graph-walk.js';
import { placeOf, settingOf, type Place } from '../recommendation/place.js';
import type { Subject } from './rule.js';

export function subjectOf(model: Model, layers: readonly LayerReport[]): Subject {
  const setting = settingOf(model, new Wiring(model.graph));
  const places = model.graph.nodes.map((_, i) => placeOf(setting, i)).filter((p): p is Place => p !== undefined);
  const owner = layerOfNode(model);
  return {
    ...setting,
    layers,
    places,
    layerOf(node) {
      const index = owner[node];
      return index === undefined ? undefined : layers[index];
    },
  };
}
