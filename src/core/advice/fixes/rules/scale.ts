import type { Fix } from '../../../model/index.js';
import type { Draw } from '../draw.js';
import { Draft } from '../draft.js';
import type { Case, Fixer } from '../fixer.js';
import { applyRecommended } from '../recommended/index.js';
import { redraw } from '../redraw.js';
import type { Spelled } from '../spell.js';
import { commonDraw, weightsAt } from '../wanted.js';

/** The whole model, as recommended. */
export const wholeModel: Fixer = ({ reports: [report], sources }) => [report && applyRecommended(report, sources)];

/** The same where what a function leaves out are layers that a recommendation is written for: recurrent ones have none. */
export const missedLayers: Fixer = (c) => {
  const missed = c.reports[0]?.layers.find((l) => l.name === c.finding.layer);
  return missed?.recommended?.init === 'orthogonal' ? [] : wholeModel(c);
};

/** The call that the finding is about, changed to what its layers need; or the whole model. */
export const ownCall: Fixer = (c) => {
  const own = redrawn(c);
  const [whole] = wholeModel(c);
  const isSame = JSON.stringify(own?.edits) === JSON.stringify(whole?.edits);
  return own && isSame ? [own] : [own, whole];
};

/** The same for findings that name the first of several definitions at their default. */
export const ownCallOrModel: Fixer = (c) => {
  const [report] = c.reports;
  const isDefault = report && weightsAt(report, c.finding).every((w) => w.parameter.setBy.range === undefined);
  return isDefault === true ? wholeModel(c) : ownCall(c);
};

/** Weights that are all equal: the call alone. A model as a whole leaves what was made equal on purpose as it is. */
export const constantCall: Fixer = (c) => [redrawn(c)];

/** He where neither the recommendation nor PyTorch has a gain: σ = 1/√fan_in. */
export const withoutRectifier: Fixer = (c) => [
  redrawn(c) ?? redrawn(c, { kind: 'kaiming', nonlinearity: 'linear', mode: 'fan_in' }),
];

export const tiedEmbedding: Fixer = (c) => [redrawn(c, { kind: 'normal', std: 0.02 })];

export function redrawn({ finding, reports: [report], sources }: Case, given?: Draw): Fix | undefined {
  const { range } = finding;
  if (report === undefined || range === undefined) return undefined;
  const weights = weightsAt(report, finding);
  const draw = given ?? commonDraw(weights);
  if (draw === undefined) return undefined;
  const draft = new Draft(sources);
  const spelled = redraw({ range, draw, weights, report }, draft);
  return spelled && draft.finish(titleOf(spelled), true);
}

/** `Use kaiming_uniform_ with nonlinearity="relu"`. */
export function titleOf({ initializer, arguments: given, comment }: Spelled): string {
  const values = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  const what = values.length === 0 ? initializer : `${initializer} with ${values.join(', ')}`;
  return comment === undefined ? `Use ${what}` : `Use ${what} (${comment})`;
}
