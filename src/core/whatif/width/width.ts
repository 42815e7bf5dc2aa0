import { orthogonal, scaled, torchFans } from '../../initializers/index.js';
import type { Distribution, GraphNode, Model, Operation, Parameter, ParameterId, Shape } from '../../model/index.js';
import type { Altered } from '../altered.js';
import { AxisClasses, type AxisId } from './classes.js';
import { tieNode } from './ties.js';

/** Every hidden size `factor` times as large; what is tied to the model's inputs and outputs keeps its size. */
export function withWidth(model: Model, factor: number): Altered {
  const c = new AxisClasses(model);
  for (const node of model.graph.nodes) tieNode(c, model, node);
  for (const v of [...model.graph.inputs, ...model.graph.outputs]) c.fixValue(v);
  const isScaled = c.scaled();
  const sizes = new Set<number>();
  const unknown = new Set<string>();
  const resized = (shape: Shape, axis: (i: number) => AxisId): Shape =>
    shape.map((d, i) => {
      if (!isScaled(axis(i)) || d === 1) return d;
      if (typeof d !== 'number') {
        unknown.add(d);
        return d;
      }
      if (!Number.isInteger(d * factor)) sizes.add(d);
      return d * factor;
    });
  const values = model.graph.values.map((v) => ({ ...v, shape: resized(v.shape, (i) => c.of(v.id, i)) }));
  const shapes = model.parameters.map((p, id) => resized(p.shape, (i) => c.ofParameter(id, i)));
  if (unknown.size > 0) return { refused: `sizes are not known: ${[...unknown].join(', ')}` };
  if (sizes.size > 0) return { refused: `${factor} times ${[...sizes].join(', ')} is no whole number` };
  const changed = shapes.filter((shape, id) => shape.some((d, i) => d !== model.parameters[id]!.shape[i]));
  if (changed.length === 0)
    return { refused: 'every size is tied to that of the inputs or outputs, or to an operation that fixes it' };
  const users = layerOf(model);
  const parameters = model.parameters.map((p, id) => resizedParameter(p, shapes[id]!, model, shapes, users.get(id)));
  const nodes = model.graph.nodes.map((node): GraphNode => {
    const operation = resizedOperation(node, factor, (v, axis) => isScaled(c.of(v, axis)), c);
    return operation === node.operation ? node : { ...node, operation };
  });
  return { model: { ...model, parameters, graph: { ...model.graph, values, nodes } }, notes: [] };
}

/** By parameter: the weight whose fan its default scale follows, or the recurrent layer's hidden size. */
function layerOf(model: Model): Map<ParameterId, ParameterId> {
  const users = new Map<ParameterId, ParameterId>();
  for (const { operation: op } of model.graph.nodes) {
    if (op.kind === 'linear' || op.kind === 'bilinear' || op.kind === 'convolution') {
      if (op.weight === 'input') continue;
      users.set(op.weight, op.weight);
      if (op.bias !== undefined) users.set(op.bias, op.weight);
    }
    // The second matrix is hidden to hidden: its columns are the hidden size.
    if (op.kind === 'recurrent' && op.parameters[1] !== undefined)
      for (const id of op.parameters) users.set(id, op.parameters[1]);
  }
  return users;
}

function resizedParameter(
  p: Parameter,
  shape: Shape,
  model: Model,
  shapes: readonly Shape[],
  fanOf: ParameterId | undefined,
): Parameter {
  const fans = torchFans(shape);
  const size = { shape, fanIn: fans?.fanIn, fanOut: fans?.fanOut };
  if (fanOf === undefined) return { ...p, ...size };
  const [before, after] = [torchFans(model.parameters[fanOf]!.shape), torchFans(shapes[fanOf]!)];
  if (before === undefined || after === undefined) return { ...p, ...size };
  return {
    ...p,
    ...size,
    distribution: rescaled(p.distribution, p.setBy, shape, before, after),
    ...(p.byDefault && { byDefault: rescaled(p.byDefault, { what: 'default' }, shape, before, after) }),
  };
}

/** Scales that are taken from the layer's size, by default and by torch's initializers, go with it. */
function rescaled(
  d: Distribution,
  { what, arguments: given }: Parameter['setBy'],
  shape: Shape,
  before: { readonly fanIn: number; readonly fanOut: number },
  after: { readonly fanIn: number; readonly fanOut: number },
): Distribution {
  if (d.kind === 'orthogonal') return orthogonal(d.gain, shape.map(Number));
  if (d.kind === 'constant') return d;
  const fan = (f: typeof before): number =>
    what.startsWith('xavier')
      ? f.fanIn + f.fanOut
      : what.startsWith('kaiming') && given?.['mode'] === 'fan_out'
        ? f.fanOut
        : f.fanIn;
  const follows = what === 'default' || what.startsWith('xavier') || what.startsWith('kaiming');
  return follows ? scaled(d, Math.sqrt(fan(before) / fan(after))) : d;
}

function resizedOperation(
  { operation: op, inputs, outputs }: GraphNode,
  factor: number,
  isScaled: (v: number, axis: number) => boolean,
  c: AxisClasses,
): Operation {
  const [x] = inputs;
  const [y] = outputs;
  if (x === undefined || y === undefined) return op;
  if (op.kind === 'convolution' && op.groups > 1)
    return isScaled(x, c.rank(x) - op.window.kernel.length - 1) ? { ...op, groups: op.groups * factor } : op;
  if (op.kind === 'recurrent') return isScaled(y, -1) ? { ...op, hidden: op.hidden * factor } : op;
  if (op.kind !== 'select' || op.slices === undefined) return op;
  return {
    ...op,
    slices: op.slices.map((s) =>
      isScaled(x, s.axis) ? { ...s, start: s.start * factor, length: s.length * factor } : s,
    ),
  };
}
