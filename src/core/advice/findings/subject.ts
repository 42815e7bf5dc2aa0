import type { LayerReport } from '../../model/index.js';
import type { Survey } from '../recommendation/place.js';
import type { Subject } from './rule.js';

export function subjectOf(survey: Survey, layers: readonly LayerReport[]): Subject {
  return {
    ...survey,
    layers,
    layerOf(node) {
      const index = survey.owner[node];
      return index === undefined ? undefined : layers[index];
    },
  };
}
