import type { Model, Operation, Recommendation } from '../../model/index.js';
import { short } from '../findings/words.js';
import { currentStd, near } from './in-force.js';

/** For the recurrent matrices of a layer. */
export function recommendRecurrent(model: Model, op: Extract<Operation, { kind: 'recurrent' }>): Recommendation {
  const std = 1 / Math.sqrt(op.hidden);
  const matrices = op.parameters
    .map((id) => model.parameters[id])
    .filter((p) => p !== undefined && p.shape.length >= 2);
  const state = matrices[1]?.distribution;
  const orthogonal = state?.kind === 'orthogonal';
  const current = currentStd(state);
  return {
    init: 'orthogonal',
    std,
    gain: 1,
    satisfied: orthogonal || near(current, std),
    why: `The recurrent matrix is applied at every step: orthogonal per gate (σ = 1/√${op.hidden} = ${short(std)}) neither shrinks nor grows the state; ${op.cell === 'lstm' ? 'a forget-gate bias of 1 keeps the memory open at the start.' : 'input weights: Glorot.'}`,
  };
}
