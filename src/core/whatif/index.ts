import type { InitChange, Model, WhatIf, WhatIfOutcome, WhatIfPart } from '../model/index.js';
import type { Altered } from './altered.js';
import { withActivation } from './activation.js';
import { withDepth } from './depth.js';
import { withInit } from './init.js';
import { withoutNormalization } from './normalization.js';
import { withWidth } from './width/width.js';

export type { Altered } from './altered.js';
export { NONLINEARITIES, withActivation } from './activation.js';
export { withDepth } from './depth.js';
export { withInit } from './init.js';
export { scaledInputs, withTokens } from './inputs.js';
export { withoutNormalization } from './normalization.js';
export { withWidth } from './width/width.js';

type Change = (model: Model) => Altered;

/** Structure first, then what is computed from it: `recommended` depends on everything before it. */
function changesOf(w: WhatIf): { readonly part: WhatIfPart; readonly apply: Change }[] {
  const { depth, width, normalization, activation } = w;
  return [
    ...(depth === undefined ? [] : [{ part: 'depth' as const, apply: (m: Model) => withDepth(m, depth) }]),
    ...(width === undefined ? [] : [{ part: 'width' as const, apply: (m: Model) => withWidth(m, width) }]),
    ...(normalization === undefined ? [] : [{ part: 'normalization' as const, apply: withoutNormalization }]),
    ...(activation === undefined
      ? []
      : [{ part: 'activation' as const, apply: (m: Model) => withActivation(m, activation) }]),
    ...(w.init ?? []).map((c: InitChange) => ({ part: 'init' as const, apply: (m: Model) => withInit(m, c) })),
  ];
}

/** The model with everything changed that can be; what can't be is refused with its reason and left as it is. */
export function applyWhatIf(model: Model, whatIf: WhatIf): { readonly model: Model } & WhatIfOutcome {
  const refused: { part: WhatIfPart; reason: string }[] = [];
  const notes: string[] = [];
  let current = model;
  for (const { part, apply } of changesOf(whatIf)) {
    const altered = apply(current);
    if ('refused' in altered) refused.push({ part, reason: altered.refused });
    else {
      current = altered.model;
      notes.push(...altered.notes);
    }
  }
  return { model: current, applied: whatIf, refused, notes };
}
