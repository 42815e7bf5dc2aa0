import type { Model, Operation } from '../model/index.js';
import { withOperations } from './nodes.js';
import type { Altered } from './altered.js';

/** Norms handed through: neither statistics nor γ and β. Unit lengths (`l2`) stay, being no choice of normalization. */
export function withoutNormalization(model: Model): Altered {
  const replaced = new Map<number, Operation>();
  model.graph.nodes.forEach(({ operation: op }, i) => {
    if (op.kind === 'normalize' && op.over !== 'l2') replaced.set(i, { kind: 'reshape' });
  });
  if (replaced.size === 0) return { refused: 'it has no normalization layer' };
  return { model: withOperations(model, replaced, () => 'Identity'), notes: [] };
}
