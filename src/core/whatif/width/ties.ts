import type { GraphNode, Model, Operation, ParameterId, ValueId } from '../../model/index.js';
import type { AxisClasses } from './classes.js';
import { tieReshape } from './reshape.js';

/** Tells which axes of a node's inputs, outputs and parameters have their size in common. */
export function tieNode(c: AxisClasses, model: Model, node: GraphNode): void {
  const { operation: op, inputs, outputs } = node;
  const [x, second] = inputs;
  const y = outputs[0];
  if (y === undefined) return;
  if (x === undefined) {
    tieSource(c, op, y);
    return;
  }
  switch (op.kind) {
    case 'linear':
      tieLeading(c, x, y, 1);
      tieWeight(c, inputs, op.weight, op.transposed === true ? [1, 0] : [0, 1], c.of(y, -1), c.of(x, -1));
      tieVector(c, op.bias, c.of(y, -1));
      return;
    case 'bilinear':
      tieLeading(c, x, y, 1);
      if (op.weight === 'input' || second === undefined) {
        fixAll(c, node);
        return;
      }
      c.tie(c.ofParameter(op.weight, 0), c.of(y, -1));
      c.tie(c.ofParameter(op.weight, 1), c.of(x, -1));
      c.tie(c.ofParameter(op.weight, 2), c.of(second, -1));
      c.choose(c.of(y, -1));
      tieVector(c, op.bias, c.of(y, -1));
      return;
    case 'convolution':
      tieConvolution(c, op, inputs, x, y);
      return;
    case 'embedding':
      if (op.weight === 'input' || op.combine !== undefined) {
        fixAll(c, node);
        return;
      }
      tieFirst(c, x, y, c.rank(x));
      c.fix(c.ofParameter(op.weight, 0));
      c.tie(c.ofParameter(op.weight, 1), c.of(y, -1));
      c.choose(c.of(y, -1));
      return;
    case 'recurrent':
      tieRecurrent(c, op, x, outputs);
      return;
    case 'normalize':
      tieSame(c, x, y);
      for (const id of [op.weight, op.bias]) {
        if (id === undefined) continue;
        const rank = c.rankOfParameter(id);
        if (op.over === 'layer' || op.over === 'rms')
          for (let i = 0; i < rank; i++) c.tie(c.ofParameter(id, i), c.of(y, i - rank));
        else tieVector(c, id, c.of(y, 1));
      }
      return;
    case 'activation':
      tieSame(c, x, y);
      if (op.learned !== undefined && model.parameters[op.learned]?.shape[0] !== 1)
        tieVector(c, op.learned, c.of(y, c.rank(y) > 1 ? 1 : 0));
      return;
    case 'affine':
    case 'power':
    case 'clamp':
    case 'softmax':
    case 'dropout':
    case 'cumulate':
    case 'gate':
    case 'roll':
      tieSame(c, x, y);
      return;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
    case 'where':
    case 'maskedFill':
    case 'repeat':
      for (const v of inputs) tieBroadcast(c, v, y);
      return;
    case 'reshape':
      tieReshape(c, x, y);
      return;
    case 'permute':
      op.axes.forEach((from, to) => {
        c.tie(c.of(x, from), c.of(y, to));
      });
      return;
    case 'concatenate':
      for (const v of inputs)
        for (let i = 0; i < c.rank(y); i++)
          if (!op.stacked) c.tie(c.of(v, i), c.of(y, i));
          else if (i !== op.axis) c.tie(c.of(v, i < op.axis ? i : i - 1), c.of(y, i));
      if (op.stacked) c.fix(c.of(y, op.axis));
      return;
    case 'select':
      tieSelect(c, op, x, outputs);
      return;
    case 'pool':
    case 'adaptivePool':
    case 'resize':
      tieFirst(c, x, y, 2);
      for (let i = 2; i < c.rank(x); i++) c.fix(c.of(x, i), c.of(y, i));
      return;
    case 'pad':
      for (let i = 0; i < c.rank(x); i++)
        if (c.size(x, i) === c.size(y, i)) c.tie(c.of(x, i), c.of(y, i));
        else c.fix(c.of(x, i), c.of(y, i));
      return;
    case 'reduce': {
      let to = 0;
      for (let i = 0; i < c.rank(x); i++)
        if (!op.axes.includes(i)) c.tie(c.of(x, i), c.of(y, to++));
        else if (op.keepDims) c.fix(c.of(y, to++));
      return;
    }
    case 'matmul':
      if (second === undefined || c.rank(x) < 2 || c.rank(second) < 2) {
        fixAll(c, node);
        return;
      }
      c.tie(c.of(x, -1), c.of(second, -2));
      c.tie(c.of(x, -2), c.of(y, -2));
      c.tie(c.of(second, -1), c.of(y, -1));
      for (const v of [x, second]) for (let i = 3; i <= c.rank(v); i++) tieUnlessOne(c, v, y, -i);
      return;
    case 'attention':
      tieAttention(c, op, inputs, y);
      return;
    case 'einsum':
      tieEinsum(c, op.equation, node);
      return;
    default:
      fixAll(c, node);
  }
}

function fixAll(c: AxisClasses, { operation, inputs, outputs }: GraphNode): void {
  for (const v of [...inputs, ...outputs]) c.fixValue(v);
  const named = operation as Readonly<Record<string, unknown>>;
  for (const key of ['weight', 'bias']) {
    const id = named[key];
    if (typeof id === 'number') for (let i = 0; i < c.rankOfParameter(id); i++) c.fix(c.ofParameter(id, i));
  }
}

function tieSource(c: AxisClasses, op: Operation, y: ValueId): void {
  if (op.kind === 'parameter') for (let i = 0; i < c.rank(y); i++) c.tie(c.of(y, i), c.ofParameter(op.parameter, i));
  else if (op.kind !== 'constant' || op.entries !== undefined) c.fixValue(y);
}

function tieSame(c: AxisClasses, x: ValueId, y: ValueId): void {
  tieFirst(c, x, y, c.rank(y));
}

function tieFirst(c: AxisClasses, x: ValueId, y: ValueId, count: number): void {
  for (let i = 0; i < count; i++) c.tie(c.of(x, i), c.of(y, i));
}

/** All but the last axes. */
function tieLeading(c: AxisClasses, x: ValueId, y: ValueId, last: number): void {
  tieFirst(c, x, y, c.rank(x) - last);
}

function tieVector(c: AxisClasses, id: ParameterId | undefined, axis: number): void {
  if (id !== undefined) c.tie(c.ofParameter(id, 0), axis);
}

function tieWeight(
  c: AxisClasses,
  inputs: readonly ValueId[],
  weight: ParameterId | 'input',
  [out, into]: readonly [number, number],
  outAxis: number,
  inAxis: number,
): void {
  const computed = inputs.at(-1)!;
  const axis = (i: number): number => (weight === 'input' ? c.of(computed, i) : c.ofParameter(weight, i));
  c.tie(axis(out), outAxis);
  c.tie(axis(into), inAxis);
  c.choose(outAxis);
}

/** Groups keep their size: there are more of them. */
function tieConvolution(
  c: AxisClasses,
  op: Extract<Operation, { kind: 'convolution' }>,
  inputs: readonly ValueId[],
  x: ValueId,
  y: ValueId,
): void {
  const channels = c.rank(x) - op.window.kernel.length - 1;
  for (let i = 0; i < c.rank(x); i++)
    if (i < channels) c.tie(c.of(x, i), c.of(y, i));
    else if (i > channels) c.fix(c.of(x, i), c.of(y, i));
  const [into, out] = [c.of(x, channels), c.of(y, channels)];
  if (op.groups === 1) tieWeight(c, inputs, op.weight, op.transposed ? [1, 0] : [0, 1], out, into);
  else {
    tieWeight(c, inputs, op.weight, [0, 1], op.transposed ? into : out, c.fixed);
    c.tie(into, out);
  }
  tieVector(c, op.bias, out);
}

function tieRecurrent(
  c: AxisClasses,
  op: Extract<Operation, { kind: 'recurrent' }>,
  x: ValueId,
  outputs: readonly ValueId[],
): void {
  const [y] = outputs;
  const first = op.parameters[0];
  if (y === undefined || first === undefined || op.projection !== undefined) {
    c.fixValue(x);
    for (const v of outputs) c.fixValue(v);
    for (const id of op.parameters) for (let i = 0; i < c.rankOfParameter(id); i++) c.fix(c.ofParameter(id, i));
    return;
  }
  tieLeading(c, x, y, 1);
  const hidden = c.of(y, -1);
  c.choose(hidden);
  for (const v of outputs.slice(1)) c.tie(c.of(v, -1), hidden);
  // Layer by layer and direction by direction: input to hidden, hidden to hidden, biases.
  const directions = op.bidirectional ? 2 : 1;
  const own = op.parameters.length / (op.layers * directions);
  op.parameters.forEach((id, i) => {
    c.tie(c.ofParameter(id, 0), hidden);
    if (c.rankOfParameter(id) < 2) return;
    const takesInput = i % own === 0 && i < own * directions;
    c.tie(c.ofParameter(id, 1), takesInput ? c.of(x, -1) : hidden);
  });
}

function tieUnlessOne(c: AxisClasses, x: ValueId, y: ValueId, axis: number): void {
  if (c.size(x, axis) === c.size(y, axis)) c.tie(c.of(x, axis), c.of(y, axis));
  else c.fix(c.of(x, axis));
}

function tieBroadcast(c: AxisClasses, x: ValueId, y: ValueId): void {
  for (let i = 1; i <= c.rank(x); i++) tieUnlessOne(c, x, y, -i);
}

/** Boxes along an axis that is halved, or cut in three, grow with it; single places don't. */
function tieSelect(
  c: AxisClasses,
  op: Extract<Operation, { kind: 'select' }>,
  x: ValueId,
  outputs: readonly ValueId[],
): void {
  for (const y of outputs) {
    if (c.rank(y) !== c.rank(x) || (op.slices === undefined && outputs.length === 1)) {
      tieRemaining(c, op, x, y);
      continue;
    }
    for (let i = 0; i < c.rank(x); i++) {
      const isWhole = c.size(x, i) === c.size(y, i);
      const share = Number(c.size(x, i)) / Number(c.size(y, i));
      if (isWhole || (Number.isInteger(share) && c.size(y, i) !== 1 && op.taken?.axis !== i))
        c.tie(c.of(x, i), c.of(y, i));
      else c.fix(c.of(x, i), c.of(y, i));
    }
  }
}

/** `x[:, 0]`: axes of which one place is taken are gone; the others keep their order. */
function tieRemaining(c: AxisClasses, op: Extract<Operation, { kind: 'select' }>, x: ValueId, y: ValueId): void {
  const gone = new Set(op.slices?.filter((s) => s.length === 1).map((s) => s.axis));
  if (op.slices === undefined || c.rank(x) - gone.size !== c.rank(y)) {
    c.fixValue(x);
    c.fixValue(y);
    return;
  }
  let to = 0;
  for (let i = 0; i < c.rank(x); i++) {
    if (gone.has(i)) c.fix(c.of(x, i));
    else {
      if (c.size(x, i) === c.size(y, to)) c.tie(c.of(x, i), c.of(y, to));
      else c.fix(c.of(x, i), c.of(y, to));
      to++;
    }
  }
}

function tieAttention(
  c: AxisClasses,
  op: Extract<Operation, { kind: 'attention' }>,
  [q, k, v, mask]: readonly ValueId[],
  y: ValueId,
): void {
  if (q === undefined || k === undefined || v === undefined) return;
  c.tie(c.of(q, -1), c.of(k, -1));
  // A scale that is written as a number was meant for this size.
  if (op.scale !== undefined) c.fix(c.of(q, -1));
  c.tie(c.of(k, -2), c.of(v, -2));
  c.tie(c.of(v, -1), c.of(y, -1));
  c.tie(c.of(q, -2), c.of(y, -2));
  for (const t of [q, k, v]) for (let i = 3; i <= c.rank(t); i++) tieUnlessOne(c, t, y, -i);
  if (mask !== undefined) c.fixValue(mask);
}

function tieEinsum(c: AxisClasses, equation: string, node: GraphNode): void {
  const [left = '', right] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (right === undefined || equation.includes('.') || terms.length !== node.inputs.length) {
    fixAll(c, node);
    return;
  }
  const axes = new Map<string, number>();
  const tie = (letters: string, v: ValueId): void => {
    letters.split('').forEach((letter, i) => {
      const axis = c.of(v, i);
      const known = axes.get(letter);
      if (known === undefined) axes.set(letter, axis);
      else c.tie(known, axis);
    });
  };
  terms.forEach((letters, i) => {
    tie(letters, node.inputs[i]!);
  });
  tie(right, node.outputs[0]!);
}
