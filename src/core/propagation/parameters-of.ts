import type { Operation, ParameterId } from '../model/index.js';

/** Parameters that a node names. */
export function parametersOf(op: Operation): ParameterId[] {
  const own = op as Readonly<Record<string, unknown>>;
  const single = ['weight', 'bias', 'parameter', 'learned'].map((k) => own[k]);
  const several = op.kind === 'recurrent' ? op.parameters : [];
  return [...single.filter((v): v is number => typeof v === 'number'), ...several];
}
