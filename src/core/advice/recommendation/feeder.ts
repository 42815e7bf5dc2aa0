import type { FedBy, GraphNode, ValueId } from '../../model/index.js';
import {
  activationMoments,
  activationNamed,
  constantsOf,
  summarize,
  type Activation,
  type Constants,
} from '../../propagation/activations/index.js';
import { unitCurve } from '../../propagation/moments/unit-curve.js';
import { hasWeight, makerOf, movesEntries, type Wiring } from './graph-walk.js';

/** What makes the entries that a layer sums, and so sets its gain. */
export interface Feeder {
  readonly kind: FedBy['kind'];
  /** As a person names it: `ReLU`, `BatchNorm`, `the input`. */
  readonly label: string;
  /** E[x²] when what comes before has variance 1; 1 where nothing changes it. */
  readonly second: number;
  /** Index of the node that makes them; undefined for inputs and concatenations. */
  readonly node?: number | undefined;
  readonly activation?: { readonly activation: Activation; readonly constants: Constants } | undefined;
}

const plain = (kind: Feeder['kind'], label: string): Feeder => ({ kind, label, second: 1 });

const NORM_LABELS = {
  batch: 'BatchNorm',
  layer: 'LayerNorm',
  rms: 'RMSNorm',
  group: 'GroupNorm',
  instance: 'InstanceNorm',
  l2: 'L2 normalization',
} as const;

/** What was found for each value: parts of a concatenation are parts of the next ones as well. */
const FOUND = new WeakMap<Wiring, Map<ValueId, Feeder>>();

/** Traces back through reshapes, dropout and pooling to the function, norm, layer or input that the value comes from. */
export function feederOf(w: Wiring, value: ValueId): Feeder {
  let found = FOUND.get(w);
  if (found === undefined) FOUND.set(w, (found = new Map<ValueId, Feeder>()));
  let feeder = found.get(value);
  if (feeder === undefined) found.set(value, (feeder = tracedBack(w, value)));
  return feeder;
}

function tracedBack(w: Wiring, value: ValueId): Feeder {
  const maker = makerOf(w, value, movesEntries);
  if (maker === undefined) return plain('other', 'what comes before');
  const { node } = maker;
  if (node === undefined) return plain('data', 'the input');
  return node.operation.kind === 'concatenate'
    ? joined(w, node)
    : { ...made(w, node, maker.value), node: w.producers[maker.value] };
}

function joined(w: Wiring, node: GraphNode): Feeder {
  const found = node.inputs.map((v) => feederOf(w, v));
  const [first] = found;
  return first !== undefined && found.every((f) => f.label === first.label)
    ? first
    : {
        kind: 'other',
        label: 'a concatenation',
        second: found.reduce((s, f) => s + f.second, 0) / Math.max(1, found.length),
      };
}

function made(w: Wiring, node: GraphNode, at: ValueId): Feeder {
  const op = node.operation;
  if (op.kind === 'input' || op.kind === 'constant' || op.kind === 'parameter')
    return plain('data', op.kind === 'input' ? 'the input' : 'a fixed tensor');
  if (op.kind === 'normalize') return plain('norm', NORM_LABELS[op.over]);
  if (isNormed(w, at)) return plain('norm', 'a norm written out');
  if (op.kind === 'embedding') return plain('embedding', 'an embedding');
  if (hasWeight(op)) return plain('linear', 'a linear layer');
  if (op.kind === 'gate') {
    const f = activationNamed(op.activation);
    return f === undefined
      ? plain('other', 'a gate')
      : { kind: 'activation', label: `a gate with ${f.label}`, second: activationMoments(f, 0, 1).second };
  }
  if (op.kind === 'activation') {
    const before = node.inputs[0];
    const activation = activationNamed(op.name);
    const direct = before !== undefined && !isFunction(w, before);
    if (activation !== undefined && direct) {
      const constants = constantsOf(activation, op.constants);
      return {
        kind: 'activation',
        label: activation.label,
        second: summarize(activation, constants).second,
        activation: { activation, constants },
      };
    }
  }
  const composite = unitCurve(w.graph, at, (v) => w.producers[v]);
  if (composite !== undefined)
    return { kind: 'activation', label: composite.name ?? 'a function written out', second: composite.second };
  if (op.kind === 'add') return plain('sum', 'a residual sum');
  if (op.kind === 'softmax' || op.kind === 'attention' || op.kind === 'matmul') return plain('other', 'attention');
  return plain('other', 'what comes before');
}

/** What a norm that is written out gives, its gain and shift included. */
function isNormed(w: Wiring, at: ValueId): boolean {
  if (w.writtenNorms.outputs.has(at)) return true;
  const node = w.producer(at);
  if (node?.operation.kind !== 'multiply' && node?.operation.kind !== 'add') return false;
  const [first, second, ...more] = node.inputs.map((v) => makerOf(w, v, isGain));
  const isLearned = (maker: typeof first): boolean => maker?.node?.operation.kind === 'parameter';
  const signal = isLearned(first) ? second : isLearned(second) ? first : undefined;
  return signal !== undefined && more.length === 0 && isNormed(w, signal.value);
}

/** `1 + weight`, and what broadcasts it. */
function isGain(op: GraphNode['operation']): boolean {
  return op.kind === 'affine' || movesEntries(op);
}

function isFunction(w: Wiring, v: ValueId): boolean {
  const kind = w.producer(v)?.operation.kind;
  return kind === 'activation' || kind === 'power' || kind === 'clamp';
}
