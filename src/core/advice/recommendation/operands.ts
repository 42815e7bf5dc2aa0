import type { Dim, GraphNode, Model, ParameterId } from '../../model/index.js';
import { nextSteps, type Wiring } from './graph-walk.js';
import { times, type TrueFan } from './sizes.js';

/**
 * The fans of a parameter that `matmul` or `einsum` multiplies a computed value with: the axes that are summed over
 * make its fan-in, those that only it has its fan-out, and those that both keep (experts, heads) count in neither.
 */
export function operandFan(model: Model, w: Wiring, node: GraphNode): TrueFan | undefined {
  const op = node.operation;
  if ((op.kind !== 'matmul' && op.kind !== 'einsum') || node.inputs.length !== 2) return undefined;
  const parameters = node.inputs.map((v) => parameterAt(w, v));
  const at = parameters.findIndex((p) => p !== undefined);
  const weight = parameters[at];
  // Of two parameters (a low-rank product) neither has data to sum; scores of learned queries are not a layer's output.
  if (weight === undefined || parameters[1 - at] !== undefined || isScored(w, node)) return undefined;
  const shape = model.parameters[weight]?.shape ?? [];
  const axes = op.kind === 'einsum' ? einsumAxes(op.equation, at, shape) : matmulAxes(at, shape);
  if (axes === undefined) return undefined;
  const fan = times(axes.summed);
  return {
    fanIn: fan.value,
    fanOut: times(axes.own).value,
    expression: fan.expression,
    weight,
    bias: undefined,
    data: 1 - at,
  };
}

function parameterAt(w: Wiring, value: number): ParameterId | undefined {
  const op = w.producer(value)?.operation;
  return op?.kind === 'parameter' ? op.parameter : undefined;
}

function isScored(w: Wiring, node: GraphNode): boolean {
  const next = nextSteps(w, node.outputs[0]!);
  const after = next.flatMap((n) => (n.operation.kind === 'affine' ? nextSteps(w, n.outputs[0]!) : [n]));
  return after.some((n) => n.operation.kind === 'softmax');
}

interface Axes {
  readonly summed: readonly (Dim | undefined)[];
  readonly own: readonly (Dim | undefined)[];
}

function matmulAxes(at: number, shape: readonly Dim[]): Axes | undefined {
  if (shape.length < 2) return undefined;
  const [rows, columns] = shape.slice(-2);
  return at === 1 ? { summed: [rows], own: [columns] } : { summed: [columns], own: [rows] };
}

function einsumAxes(equation: string, at: number, shape: readonly Dim[]): Axes | undefined {
  const [terms = '', result] = equation.replaceAll(' ', '').split('->');
  const operands = terms.split(',');
  const own = operands[at];
  const other = operands[1 - at];
  if (own === undefined || other === undefined || result === undefined) return undefined;
  if (own.includes('.') || own.length !== shape.length || new Set(own).size !== own.length) return undefined;
  const summed: (Dim | undefined)[] = [];
  const free: (Dim | undefined)[] = [];
  Array.from(own, String).forEach((letter, i) => {
    if (!result.includes(letter)) summed.push(shape[i]);
    else if (!other.includes(letter)) free.push(shape[i]);
  });
  // Nothing summed is a scale or an outer product.
  return summed.length === 0 ? undefined : { summed, own: free };
}
