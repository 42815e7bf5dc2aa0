import type { GraphNode, ValueId } from '../../model/index.js';
import { activationNamed, constantsOf, varianceMapSlope, activationMoments } from '../activations/index.js';
import { kept, kinksOf } from '../activations/moments.js';
import { overGaussian } from '../numerics/quadrature.js';
import type { PropagationResult } from './engine.js';
import { at, countOf, ROLES, type Field } from './field.js';
import type { Propagated } from './forward.js';
import { isUnknown, type Unknown } from './types.js';

/**
 * How much log E[x²] of each value scatters from one draw of the network to the next, by the delta method: what a layer
 * of n units measures of E[x²] is off by (E[x⁴]/E[x²]² − 1)/n, and every further layer hands that on by the slope of its
 * variance map. For ReLU this is the 5Σ1/n of Hanin & Rolnick 2018 (arXiv:1803.01719). Good while the deviation stays
 * below about one e-fold.
 */
export function logSpread(model: Propagated, result: PropagationResult): (number | undefined)[] {
  const { nodes, values } = model.graph;
  /** What was handed on: the value's own few units come on top. */
  const inherited = new Array<number | undefined>(values.length).fill(undefined);
  const own = new Array<number>(values.length).fill(0);
  const fieldOf = (v: ValueId): Field | undefined => known(result.fields[v]);
  for (const node of nodes) {
    const inputs = node.inputs.filter((v) => values[v]?.dtype === 'float');
    const fields = inputs.map(fieldOf);
    if (fields.some((f) => f === undefined)) continue;
    const before = inputs.map((v) => inherited[v] ?? 0);
    for (const v of node.outputs) {
      const out = fieldOf(v);
      if (out === undefined) continue;
      const kept = handedOn(
        node,
        fields as readonly Field[],
        before,
        inputs.map((i) => own[i]!),
        out,
      );
      inherited[v] = kept.spread;
      own[v] = kept.excess * independence(out);
    }
  }
  return inherited.map((spread, v) => (spread === undefined ? undefined : spread + own[v]!));
}

function known(f: Field | Unknown | undefined): Field | undefined {
  return f === undefined || isUnknown(f) ? undefined : f;
}

/** Average over pairs of entries of their squared correlation: one over the number of independent entries. */
function independence(f: Field): number {
  const m2 = f.mean * f.mean;
  const variance = at(f.kernel, 0) - m2;
  if (!(variance > 0)) return 0;
  const channel = channelRole(f);
  const average = (role: number, mask: number): number => {
    if (role === ROLES) {
      const r = (at(f.kernel, mask) - m2) / variance;
      return Math.min(1, r * r);
    }
    const n = countOf(f.axes, role);
    if (n === 1) return average(role + 1, mask);
    // Different units are drawn independently; what they share is their mean.
    if (role === channel) return average(role + 1, mask) / n;
    return (average(role + 1, mask) + (n - 1) * average(role + 1, mask | (1 << role))) / n;
  };
  return average(0, 0);
}

/** The role whose entries have weights of their own: the second of a tensor's axes, or its last. */
function channelRole(f: Field): number {
  const axis = f.axes.length >= 4 ? f.axes[1] : f.axes.at(-1);
  return axis?.find((factor) => factor.size > 1)?.role ?? -1;
}

/** Of a Gaussian: E[x⁴]/E[x²]² − 1. */
const GAUSSIAN_EXCESS = 2;

/** Spread that a step hands on, and how far E[x⁴]/E[x²]² of its output lies above 1. */
function handedOn(
  { operation: op }: GraphNode,
  fields: readonly Field[],
  before: readonly number[],
  own: readonly number[],
  out: Field,
): { readonly spread: number; readonly excess: number } {
  const [x] = fields;
  const all = before.map((spread, i) => spread + own[i]!);
  const most = Math.max(0, ...before);
  switch (op.kind) {
    case 'linear':
    case 'bilinear':
    case 'convolution':
      return { spread: all[0] ?? 0, excess: GAUSSIAN_EXCESS };
    case 'normalize':
      return { spread: 0, excess: GAUSSIAN_EXCESS };
    case 'activation': {
      const a = activationNamed(op.name);
      if (a === undefined || x === undefined) return { spread: most, excess: GAUSSIAN_EXCESS };
      const c = constantsOf(a, op.constants);
      const variance = at(x.kernel, 0) - x.mean * x.mean;
      if (a.homogeneous === true && x.mean === 0) return { spread: most, excess: excessOf(a, 0, 1, c) };
      const unit = Math.pow(2, x.scale);
      if (!(variance * unit > 0) || !Number.isFinite(unit)) return { spread: most, excess: 0 };
      const q = variance * unit;
      const second = activationMoments(a, 0, q, c).second;
      const slope = second > 0 ? (varianceMapSlope(a, q, c) * q) / second : 1;
      return { spread: slope * slope * most, excess: excessOf(a, x.mean * Math.sqrt(unit), q, c) };
    }
    case 'add':
    case 'subtract':
    case 'concatenate': {
      // Branches start from one stream: what they have inherited goes up and down together.
      const whole = at(out.kernel, 0);
      const share = (f: Field, i: number): number =>
        whole > 0
          ? Math.sqrt(before[i]!) * Math.min(1, (at(f.kernel, 0) * Math.pow(2, f.scale - out.scale)) / whole)
          : 0;
      return { spread: fields.reduce((sum, f, i) => sum + share(f, i), 0) ** 2, excess: GAUSSIAN_EXCESS };
    }
    case 'multiply':
    case 'matmul':
    case 'einsum':
      return { spread: before.reduce((sum, s) => sum + Math.sqrt(s), 0) ** 2, excess: GAUSSIAN_EXCESS };
    case 'attention':
      return { spread: before[2] ?? most, excess: GAUSSIAN_EXCESS };
    case 'softmax':
    case 'embedding':
    case 'constant':
    case 'parameter':
      return { spread: 0, excess: GAUSSIAN_EXCESS };
    default:
      return { spread: most, excess: GAUSSIAN_EXCESS };
  }
}

/** E[φ⁴]/E[φ²]² − 1. */
const excessOf = kept((a, mean, variance, c) => {
  let [second, fourth] = [0, 0];
  overGaussian(mean, variance, kinksOf(a, c), (z, w) => {
    if (w === 0) return;
    const square = a.value(z, c) ** 2;
    second += w * square;
    fourth += w * square * square;
  });
  return second > 0 ? Math.max(0, fourth / (second * second) - 1) : 0;
});
