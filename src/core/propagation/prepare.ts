import type { InputStatistics, Model, SimulationSettings, WhatIfOutcome } from '../model/index.js';
import { applyWhatIf, scaledInputs, withTokens } from '../whatif/index.js';

/** What is really simulated: the model and its inputs with the settings' changes made. */
export interface Prepared {
  readonly model: Model;
  readonly inputs: readonly (InputStatistics | undefined)[] | undefined;
  readonly whatIf: WhatIfOutcome | undefined;
}

export function prepare(model: Model, settings: SimulationSettings): Prepared {
  const own = prepareOne(model, settings);
  const { part } = model;
  if (part === undefined) return own;
  return { ...own, model: { ...own.model, part: { ...part, model: prepareOne(part.model, settings).model } } };
}

function prepareOne(model: Model, { inputs, whatIf }: SimulationSettings): Prepared {
  const given = inputs === undefined ? model : withTokens(model, inputs);
  if (whatIf === undefined) return { model: given, inputs, whatIf: undefined };
  const { model: changed, ...outcome } = applyWhatIf(given, whatIf);
  if (whatIf.inputScale === undefined) return { model: changed, inputs, whatIf: outcome };
  const scaled = scaledInputs(changed.graph, inputs ?? [], whatIf.inputScale);
  return 'refused' in scaled
    ? {
        model: changed,
        inputs,
        whatIf: { ...outcome, refused: [...outcome.refused, { part: 'inputScale', reason: scaled.refused }] },
      }
    : { model: changed, inputs: scaled, whatIf: outcome };
}
