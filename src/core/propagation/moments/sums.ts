import type { Graph, GraphNode, Shape, ValueId } from '../../model/index.js';
import type { Curve } from './curve.js';
import { at, type Field } from './field.js';
import { mapped } from './floats.js';
import type { ForwardPass } from './forward.js';
import { sameAxes } from './rules/broadcast.js';
import { Streams, type Term } from './streams.js';
import { isUnknown } from './types.js';

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** Terms of a sum or difference that are as large as it is, entry by entry; none of another node. */
export function summands(graph: Graph, node: GraphNode): readonly Term[] {
  const { kind } = node.operation;
  if (kind !== 'add' && kind !== 'subtract') return [];
  const shapeOf = (v: ValueId | undefined): Shape => (v === undefined ? [] : (graph.values[v]?.shape ?? []));
  const whole = shapeOf(node.outputs[0]);
  const terms: Term[] = [];
  for (const [i, value] of node.inputs.entries())
    if (sameShape(shapeOf(value), whole)) terms.push({ value, factor: kind === 'subtract' && i === 1 ? -1 : 1 });
  return terms;
}

/** A node's output as what it is of its inputs, on average, entry by entry. */
export function linearTerms(graph: Graph, node: GraphNode): readonly Term[] {
  // What a dropout leaves out is independent of everything, and on average it changes nothing.
  return node.operation.kind === 'dropout' ? [{ value: node.inputs[0]!, factor: 1 }] : summands(graph, node);
}

/** True when classes of pairs mean the same for both values. */
export function haveSameAxes(pass: ForwardPass, v: ValueId, w: ValueId): boolean {
  const [f, g] = [known(pass, v), known(pass, w)];
  return f !== undefined && g !== undefined && sameAxes(f.axes, g.axes);
}

/** What values of the way forward share. */
export function streamsOf(pass: ForwardPass): Streams {
  return new Streams(
    (v) => {
      const f = known(pass, v);
      return f === undefined ? undefined : { kernel: mapped(f.kernel, (k) => k - f.mean * f.mean), scale: f.scale };
    },
    (v) => termsOf(pass, v).filter((t) => haveSameAxes(pass, v, t.value)),
    (a, b) => a > b,
  );
}

function known(pass: ForwardPass, v: ValueId): Field | undefined {
  const f = pass.fields[v];
  return f === undefined || isUnknown(f) ? undefined : f;
}

function termsOf(pass: ForwardPass, v: ValueId): readonly Term[] {
  const curve = pass.curves.get(v);
  if (curve !== undefined && curve.operands.length > 0) return regression(pass, curve);
  const node = pass.makers[v]?.node;
  return node === undefined ? [] : linearTerms(pass.graph, node);
}

/** The part of a function that is linear in its source. */
function regression(pass: ForwardPass, curve: Curve): readonly Term[] {
  const source = known(pass, curve.source);
  if (source === undefined) return [];
  const std = Math.sqrt(Math.max(0, at(source.kernel, 0) - source.mean * source.mean));
  const { nodes, weights } = curve.marginal;
  let along = 0;
  for (let i = 0; i < nodes.length; i++) along += weights[i]! * nodes[i]! * curve.values[i]!;
  const factor = (along / std) * Math.pow(2, (curve.scale - source.scale) / 2);
  return Number.isFinite(factor) && factor !== 0 ? [{ value: curve.source, factor }] : [];
}
