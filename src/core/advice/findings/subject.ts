import type { Thresholds } from '../../config/config.js';
import type { LayerReport } from '../../model/index.js';
import type { Survey } from '../recommendation/place.js';
import type { Subject } from './rule.js';
import type { Signals } from './signals.js';

/** What a simulation found. */
export interface Simulated {
  readonly layers: readonly LayerReport[];
  readonly signals: Signals;
}

export function subjectOf(survey: Survey, simulated: Simulated, thresholds: Thresholds): Subject {
  const layerOf: Subject['layerOf'] = (node) => {
    const index = survey.owner[node];
    return index === undefined ? undefined : simulated.layers[index];
  };
  return {
    ...survey,
    ...simulated,
    thresholds,
    layerOf,
    isStopped: ({ index }) => layerOf(index)?.gradientStop !== undefined,
  };
}
