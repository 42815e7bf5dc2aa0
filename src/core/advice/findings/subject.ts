import type { Thresholds } from '../../config/config.js';
import type { LayerReport } from '../../model/index.js';
import type { Survey } from '../recommendation/place.js';
import type { Subject } from './rule.js';

export function subjectOf(survey: Survey, layers: readonly LayerReport[], thresholds: Thresholds): Subject {
  return {
    ...survey,
    layers,
    thresholds,
    layerOf(node) {
      const index = survey.owner[node];
      return index === undefined ? undefined : layers[index];
    },
  };
}
