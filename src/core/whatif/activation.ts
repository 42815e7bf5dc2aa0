import { Wiring, reachesOutput } from '../advice/recommendation/graph-walk.js';
import type { ActivationChange, GraphNode, Model, Operation } from '../model/index.js';
import { ACTIVATIONS, activationNamed, constantsOf } from '../propagation/activations/index.js';
import { FUNCTIONS } from '../propagation/activations/functions.js';
import { withOperations } from './nodes.js';
import type { Altered } from './altered.js';

/** Square roots, logarithms, comparisons: they compute something, and are no choice of nonlinearity. */
const ELEMENTARY = new Set(FUNCTIONS.map((f) => f.name));

/** Activations that may stand between layers. */
export const NONLINEARITIES: readonly string[] = ACTIVATIONS.map((a) => a.name).filter((name) => !ELEMENTARY.has(name));

/** Hidden nonlinearities, or those of some names, replaced by another. */
export function withActivation(model: Model, change: ActivationChange): Altered {
  const to = activationNamed(change.to);
  if (to === undefined) return { refused: `no activation is called '${change.to}'` };
  const from = change.from?.map((name) => activationNamed(name)?.name ?? name);
  const operation: Operation = {
    kind: 'activation',
    name: to.name,
    constants: constantsOf(to, change.constants ?? {}),
  };
  const wiring = new Wiring(model.graph);
  const replaced = new Map<number, Operation>();
  let left = 0;
  model.graph.nodes.forEach((node, i) => {
    const op = node.operation;
    if (op.kind !== 'activation') return;
    const name = activationNamed(op.name)?.name ?? op.name;
    if (from === undefined ? isHidden(wiring, node, name) : from.includes(name)) replaced.set(i, operation);
    else if (from === undefined && !ELEMENTARY.has(name)) left++;
  });
  if (replaced.size === 0)
    return { refused: from === undefined ? 'it has no hidden activation' : `it has no ${from.join(' or ')}` };
  return {
    model: withOperations(model, replaced, () => to.label),
    notes:
      left === 0
        ? []
        : [`${left === 1 ? 'an activation that is' : `${left} activations that are`} a gate or at the output stayed`],
  };
}

/** Neither a gate, whose product with something else is what it is for, nor what makes the output's range. */
function isHidden(w: Wiring, node: GraphNode, name: string): boolean {
  const out = node.outputs[0];
  if (out === undefined || ELEMENTARY.has(name) || name === 'identity') return false;
  const uses = w.consumers[out] ?? [];
  const isGate = uses.some((i) => w.graph.nodes[i]?.operation.kind === 'multiply');
  return !isGate && !reachesOutput(w, out);
}
