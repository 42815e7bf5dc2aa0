import type { Graph, Operation, ValueId } from '../../model/index.js';
import { identityCurve, fieldOfCurve, type Curve } from './curve.js';
import { at, newKernel, type Field } from './field.js';
import { isPointwise, pointwiseCurve, type Operand } from './pointwise.js';
import { activationMoments, ACTIVATIONS } from '../activations/index.js';
import { isUnknown } from './types.js';

const UNIT: Field = { mean: 0, kernel: newKernel((m) => (m === 0 ? 1 : 0)), scale: 0, axes: [] };

/** A function of a standard normal that several operations write out. */
export interface UnitFunction {
  /** E[φ(z)²], z ~ N(0,1). */
  readonly second: number;
  /** The known activation that it agrees with. */
  readonly name: string | undefined;
}

/** Most operations that are followed. */
const LONGEST = 64;

/** Functions by how they are written out: a network has few of them, in many places. */
const KNOWN = new Map<string, UnitFunction | undefined>();
const MOST_KNOWN = 500;

/**
 * The function of one value that a chain of pointwise operations computes (x·sigmoid(x), a GELU spelt out),
 * integrated for a standard normal source; undefined when the value is no such function.
 */
export function unitCurve(
  graph: Graph,
  value: ValueId,
  producerOf: (v: ValueId) => number | undefined,
): UnitFunction | undefined {
  const key = writtenOut(graph, value, producerOf);
  if (KNOWN.has(key)) return KNOWN.get(key);
  const made = computed(graph, value, producerOf);
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  KNOWN.set(key, made);
  return made;
}

/** An operation's text: a chain that is looked at from each of its ends is written many times. */
const TEXTS = new WeakMap<Operation, string>();

function textOf(op: Operation): string {
  let text = TEXTS.get(op);
  if (text === undefined) TEXTS.set(op, (text = JSON.stringify(op.kind === 'constant' ? op.distribution : op)));
  return text;
}

/** The chain's operations in the order of a search, each with the places of its inputs in that order. */
function writtenOut(graph: Graph, value: ValueId, producerOf: (v: ValueId) => number | undefined): string {
  const places = new Map<ValueId, number>();
  const steps: string[] = [];
  const placeOf = (v: ValueId): number => {
    const known = places.get(v);
    if (known !== undefined) return known;
    const place = places.size;
    places.set(v, place);
    const node = graph.nodes[producerOf(v) ?? -1];
    const op = node?.operation;
    if (node === undefined || op === undefined || place > LONGEST) steps.push(`${place}`);
    else if (op.kind === 'constant') steps.push(`${place} ${textOf(op)}`);
    else if (isPointwise(op)) steps.push(`${place} ${textOf(op)} ${node.inputs.map(placeOf).join(' ')}`);
    else steps.push(`${place}`);
    return place;
  };
  placeOf(value);
  return steps.join('\n');
}

function computed(
  graph: Graph,
  value: ValueId,
  producerOf: (v: ValueId) => number | undefined,
): UnitFunction | undefined {
  const known = new Map<ValueId, Curve>();
  let budget = LONGEST;
  const curveOf = (v: ValueId): Curve | undefined => {
    const cached = known.get(v);
    if (cached !== undefined) return cached;
    const index = producerOf(v);
    const node = index === undefined ? undefined : graph.nodes[index];
    if (node === undefined || !isPointwise(node.operation) || budget-- <= 0) return identityCurve(v, UNIT);
    const operands: Operand[] = [];
    for (const input of node.inputs) {
      const op = graph.nodes[producerOf(input) ?? -1]?.operation;
      if (op?.kind === 'constant' && op.distribution.kind === 'constant')
        operands.push({ number: op.distribution.mean });
      else {
        const curve = curveOf(input);
        if (curve === undefined) return identityCurve(v, UNIT);
        operands.push({ value: input, curve });
      }
    }
    const curve = pointwiseCurve(node.operation, operands, undefined, true);
    const made = curve === undefined || 'unknown' in curve ? identityCurve(v, UNIT) : curve;
    known.set(v, made);
    return made;
  };
  const curve = curveOf(value);
  if (curve === undefined || curve.operands.length === 0) return undefined;
  const field = fieldOfCurve(curve, UNIT);
  if (isUnknown(field)) return undefined;
  const second = at(field.kernel, 0);
  const match = ACTIVATIONS.find((a) => {
    if (a.name === 'power' || a.homogeneous === true) return false;
    return (
      Math.abs(activationMoments(a, 0, 1).second - second) < 1e-4 * second &&
      Math.abs(activationMoments(a, 0, 1).mean - field.mean) < 1e-4
    );
  });
  return { second, name: match?.label };
}
