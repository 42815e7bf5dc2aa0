import { isKnown, type Distribution, type GraphNode, type Parameter } from '../../../model/index.js';
import type { Cause, Rule, Subject } from '../rule.js';
import { short } from '../words.js';

/** Steps from which on a memory that halves at each is lost. */
const LONG = 16;

/** Mean over entries [from, to) of a tensor; undefined where it isn't known which part they are in. */
function meanOver(d: Distribution, from: number, to: number): number | undefined {
  if (!isKnown(d)) return undefined;
  if (d.kind !== 'mixture') return d.mean;
  if (!d.runs) return undefined;
  let at = 0;
  let sum = 0;
  for (const { part, length } of d.runs) {
    const overlap = Math.min(to, at + length) - Math.max(from, at);
    const mean = d.parts[part]?.distribution.mean;
    if (overlap > 0) {
      if (mean === undefined) return undefined;
      sum += overlap * mean;
    }
    at += length;
  }
  return sum / (to - from);
}

interface ForgetBias {
  readonly input: number;
  readonly hidden: number;
  readonly of: Parameter;
}

/** Means of the forget gate's two biases in the first layer: gates stand in the order input, forget, cell, output. */
function forgetBias(s: Subject, parameters: readonly number[], hidden: number): ForgetBias | undefined {
  const own = parameters.map((id) => s.model.parameters[id]);
  const named = (pattern: RegExp): Parameter | undefined => own.find((p) => p && pattern.test(p.name));
  const [ih, hh] = [named(/(^|\.)bias_ih(_l0)?$/), named(/(^|\.)bias_hh(_l0)?$/)];
  if (!ih || !hh) return undefined;
  const [input, state] = [ih, hh].map((p) => meanOver(p.distribution, hidden, 2 * hidden));
  return input === undefined || state === undefined ? undefined : { input, hidden: state, of: ih };
}

/** Length of the sequence that a recurrent layer was traced with; one step for a cell. */
function stepsOf(s: Subject, node: GraphNode): number {
  const op = node.operation;
  if (op.kind !== 'recurrent' || op.single) return 1;
  const shape = s.model.graph.values[node.inputs[0]!]?.shape ?? [];
  const length = shape.length === 2 ? shape[0] : shape[op.batchFirst ? 1 : 0];
  return typeof length === 'number' ? length : 1;
}

export const forgetGate: Rule = {
  code: 'IS122',
  name: 'forget-gate-bias',
  severity: 'info',
  find(s) {
    const seen = new Set<Parameter>();
    return s.model.graph.nodes.flatMap((node, i): Cause[] => {
      const op = node.operation;
      if (op.kind !== 'recurrent' || op.cell !== 'lstm') return [];
      const found = forgetBias(s, op.parameters, op.hidden);
      if (!found || seen.has(found.of)) return [];
      seen.add(found.of);
      const layer = s.layerOf(i)?.name ?? '';
      const { input, hidden, of } = found;
      const place = { range: of.setBy.range ?? of.declaredAt, layer };
      if (input === 1 && hidden === 1)
        return [
          {
            ...place,
            message: `Both bias_ih and bias_hh of the forget gate of \`${layer}\` are 1, and PyTorch adds the two: the gate starts at sigmoid(2) = 0.88, not 0.73. Set one to 1 and the other to 0.`,
          },
        ];
      const steps = stepsOf(s, node);
      if (Math.abs(input + hidden) > 0.1 || steps < LONG) return [];
      return [
        {
          ...place,
          message: `The forget gate of \`${layer}\` starts at sigmoid(0) = 0.5: what the cell holds is halved at each step, and ${short(0.5 ** steps)} of it is left after the ${steps} steps of the input. A bias of 1 keeps 0.73 a step; to span ${steps} steps takes about log(${steps}) = ${short(Math.log(steps))}.`,
        },
      ];
    });
  },
};
