import { writeBehind } from '../definition.js';
import { Draft } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { callText } from '../spell.js';
import { sameRange } from '../wanted.js';

/** γ = 0 behind the definition of the norm that ends each branch; an option, so never the first choice. */
export const zeroGain: Fixer = ({ finding, reports: [report], sources }) => {
  if (!report) return [];
  const draft = new Draft(sources);
  for (const range of [finding.range, ...(finding.related ?? []).map((r) => r.range)]) {
    const gains = report.parameters.filter((p) => sameRange(p.declaredAt, range) && p.name.endsWith('weight'));
    // Behind a pass that sets all norms to one, zeros here are lost.
    if (!range || gains.length === 0 || gains.some((p) => p.setBy.range)) return [];
    const isWritten = writeBehind({ range, names: gains.map((p) => p.name), report }, draft, (tensor, { imports }) => [
      callText({ initializer: 'zeros_', arguments: {}, comment: 'the block starts as the identity' }, tensor, imports),
    ]);
    if (!isWritten) return [];
  }
  return [draft.finish('Start each residual block as the identity')];
};
