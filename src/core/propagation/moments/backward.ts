import type { GraphNode, ValueId } from '../../model/index.js';
import { cutOff } from '../gradient-flow.js';
import { lossOutput } from '../loss.js';
import { pullBack, type Curve } from './curve.js';
import { at, newKernel, normalized, sampleVariance, type Field } from './field.js';
import { addGradients, gradientAtScale } from './gradient-sum.js';
import { allFinite, productOf, scaledBy, sumOf } from './floats.js';
import { LATE, type ForwardPass } from './forward.js';
import { Lazy } from './lazy.js';
import { GAUSSIAN } from './marginal.js';
import { carriedByPart, carriedByTerm, sampledField } from './marginal-sum.js';
import { pickedGradient } from './rules/max-pool.js';
import { shapeOf } from './rules/pool.js';
import { RULES } from './rules/table.js';
import { plus, Streams, type Term } from './streams.js';
import { haveSameAxes, linearTerms } from './sums.js';
import { isUnknown, uniform, unknown, type Gradient, type Rule, type RuleContext, type Unknown } from './types.js';

/** Gradients of every value, against the graph's order, for a loss whose gradient at the (first) output is iid N(0,1). */
export class BackwardPass {
  private readonly gradients: (Gradient | undefined)[];
  /** Gradients that pass along curves, reported but not propagated a second time. */
  private readonly interior = new Map<ValueId, Gradient>();
  private readonly blocked = new Map<ValueId, string>();
  /** By value: whether no gradient belongs to it. */
  private readonly isCut: readonly boolean[];
  /** By value: the gradients that its own is a sum of, as far as they come along sums and functions of one value. */
  private readonly cameFrom = new Map<ValueId, readonly Term[]>();
  private readonly streams = new Streams(
    (v) => this.gradients[v],
    (v) => this.cameFrom.get(v) ?? [],
    (a, b) => a < b,
  );

  constructor(private readonly forward: ForwardPass) {
    const { graph, fields } = forward;
    this.isCut = cutOff(graph).map((by) => by !== undefined);
    this.gradients = new Array<Gradient | undefined>(fields.length).fill(undefined);
    const loss = lossOutput(graph);
    const f = loss === undefined ? undefined : fields[loss];
    if (f !== undefined && !isUnknown(f)) this.give(loss, outputGradient(f));
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      if (forward.isLate) {
        this.leaveOut(graph.nodes.slice(0, i + 1));
        break;
      }
      this.backwardNode(graph.nodes[i]!, i);
    }
  }

  /** What these nodes give has not had the gradients of all its uses yet. */
  private leaveOut(nodes: readonly GraphNode[]): void {
    for (const v of nodes.flatMap((n) => n.outputs)) {
      this.gradients[v] = undefined;
      this.interior.delete(v);
      this.blocked.set(v, LATE.unknown);
    }
  }

  /** All of a value's gradient: what came from outside its curve and along it. */
  totalGradient(v: ValueId): Gradient | undefined {
    const inside = this.interior.get(v);
    return inside === undefined ? this.gradients[v] : addGradients(this.gradients[v], inside);
  }

  /** Variance of that gradient, or why there is none. */
  gradientMoments(v: ValueId, g: Gradient | undefined): { readonly variance: number } | Unknown | undefined {
    const f = this.forward.fields[v];
    if (g === undefined) {
      const reason = this.blocked.get(v);
      if (reason !== undefined) return unknown(reason);
      return f !== undefined && isUnknown(f) ? f : undefined;
    }
    const variance = sampleVariance(g) * Math.pow(2, Math.max(-1070, Math.min(1020, g.scale)));
    return Number.isFinite(variance) ? { variance } : unknown('the gradient leaves the range of doubles');
  }

  /** `from` is the value whose gradient this is, times a factor, where the way back is that simple. */
  private give(v: ValueId | undefined, g: Gradient | undefined, from?: Term): void {
    if (v === undefined || g === undefined || this.isCut[v] === true) return;
    if (this.forward.graph.values[v]?.dtype !== 'float') return;
    const sum = addGradients(this.gradients[v], g);
    this.gradients[v] = uniform(normalizedGradient(from === undefined ? sum : this.withShared(v, sum, from)));
  }

  /** Gradients that came here before along sums, too, have parts in common with this one. */
  private withShared(v: ValueId, sum: Gradient, from: Term): Gradient {
    if (!haveSameAxes(this.forward, v, from.value)) return sum;
    const before = this.cameFrom.get(v) ?? [];
    this.cameFrom.set(v, [...before, from]);
    let total = sum;
    for (const { value, factor } of before) {
      const shared = this.streams.covariance(value, from.value);
      if (shared === undefined) continue;
      total = gradientAtScale(total, Math.max(total.scale, shared.scale));
      total = { ...total, ...plus(total, shared, 2 * factor * from.factor) };
    }
    return total;
  }

  private backwardNode(node: GraphNode, index: number): void {
    if (node.stopsGradient !== undefined) return;
    if (this.blocked.size > 0) {
      const reason = node.outputs.map((v) => this.blocked.get(v)).find((r) => r !== undefined);
      if (reason !== undefined) for (const v of node.inputs) this.blocked.set(v, reason);
    }
    const grads = node.outputs.map((v) => this.gradients[v]);
    if (grads.every((g) => g === undefined)) return;
    const inputs = node.inputs.map((v) => this.forward.fields[v]);
    const outputs = node.outputs.map((v) => this.forward.fields[v]);
    if (inputs.some((f) => f === undefined || isUnknown(f)) || outputs.some((f) => f === undefined || isUnknown(f))) {
      for (const v of node.inputs) this.blocked.set(v, 'the gradient passes a step whose moments are not known');
      return;
    }
    const c = this.forward.contexts[index]!;
    const out = node.outputs[0]!;
    const curve = this.forward.curves.get(out);
    if (curve !== undefined && curve.operands.length > 0) {
      this.backwardCurve(out, curve, grads[0]!);
      this.backwardNumbers(node, curve, inputs as Field[], outputs as Field[], grads, c);
      return;
    }
    const known = inputs as readonly Field[];
    const op = node.operation;
    const pooled = this.forward.pooled(node, known[0], c);
    if (pooled !== undefined && (op.kind === 'pool' || op.kind === 'adaptivePool')) {
      this.give(node.inputs[0], pickedGradient(grads[0]!, known[0]!, shapeOf(op, known[0]!, c), pooled));
      return;
    }
    const rule = RULES[op.kind] as Rule | undefined;
    const back = rule?.backward(op, known, outputs as readonly Field[], grads, c) ?? [];
    const terms = linearTerms(this.forward.graph, node);
    node.inputs.forEach((v, i) => {
      const g = back[i];
      if (g === undefined) return;
      const factor = terms.find((t) => t.value === v)?.factor;
      const from = factor === undefined ? undefined : { value: out, factor };
      if (op.kind === 'add') this.give(v, finite(this.withCarried(g, grads[0]!, node, known, i)), from);
      else if (op.kind === 'concatenate') this.give(v, finite(this.withCarriedPart(g, grads[0]!, node, known[i]!, v)));
      else this.give(v, finite(g), from);
    });
  }

  /** The gradient at a term of a sum, with which of the term's entries carry it. */
  private withCarried(g: Gradient, atSum: Gradient, node: GraphNode, inputs: readonly Field[], i: number): Gradient {
    const v = node.inputs[i]!;
    const out = this.forward.fields[node.outputs[0]!];
    const [x, y] = [inputs[i], inputs[1 - i]];
    if (
      out === undefined ||
      isUnknown(out) ||
      x === undefined ||
      y === undefined ||
      x.scale !== out.scale ||
      y.scale !== out.scale
    )
      return g;
    // Other layers do not ask which entries carry it.
    if (!this.forward.curves.has(v) && !this.normalizes(v)) return g;
    // Asked first: the sum's distribution may not have been needed until here.
    const picked = atSum.weights?.value;
    if (picked === undefined) return g;
    if (picked.length !== (out.marginal ?? GAUSSIAN).nodes.length) return g;
    const sum = sampledField(out);
    const own = this.forward.sampled(v, x);
    const weights = carriedByTerm(own, this.forward.sampled(node.inputs[1 - i]!, y), sum, picked);
    if (weights === undefined) return g;
    if (this.forward.curves.has(v)) return { ...g, weights: new Lazy(() => weights), base: own.weights };
    return { ...g, along: tiltedAlong(g, x, own.values, weights) };
  }

  /** The gradient at a part of a concatenation: the larger entries of the larger parts are what a max pooling picks. */
  private withCarriedPart(g: Gradient, whole: Gradient, node: GraphNode, x: Field, v: ValueId): Gradient {
    const out = this.forward.fields[node.outputs[0]!];
    if (whole.weights === undefined || out === undefined || isUnknown(out) || x.scale !== out.scale) return g;
    const picked = whole.weights.value;
    if (picked === undefined || picked.length !== out.marginal?.nodes.length) return g;
    const own = this.forward.sampled(v, x);
    const carried = carriedByPart(own, sampledField(out), picked);
    if (carried === undefined) return g;
    return {
      ...g,
      kernel: scaledBy(g.kernel, carried.share),
      weights: new Lazy(() => carried.weights),
      base: own.weights,
    };
  }

  /** True when the value comes out of a normalization, whose gradient depends on where its output is. */
  private normalizes(v: ValueId): boolean {
    return this.forward.makers[v]?.node.operation.kind === 'normalize';
  }

  /** A parameter that is one number at initialization still receives a gradient: that of a product or sum. */
  private backwardNumbers(
    node: GraphNode,
    curve: Curve,
    inputs: readonly Field[],
    outputs: readonly Field[],
    grads: readonly (Gradient | undefined)[],
    c: RuleContext,
  ): void {
    if (node.inputs.length < 2 || curve.operands.length === node.inputs.length) return;
    const rule = RULES[node.operation.kind] as Rule | undefined;
    const back = rule?.backward(node.operation, inputs, outputs, grads, c) ?? [];
    node.inputs.forEach((v, i) => {
      const g = back[i];
      if (g !== undefined && !curve.operands.some((o) => o.value === v)) this.give(v, finite(g));
    });
  }

  /** The same for a value that a curve passes through: a residual branch that starts at zero ends in such a sum. */
  private numbersInside(v: ValueId, g: Gradient): void {
    const { makers, curves, fields } = this.forward;
    const context = makers[v];
    const curve = curves.get(v);
    if (context === undefined || curve === undefined || curve.operands.length === context.node.inputs.length) return;
    const { node } = context;
    const inputs = node.inputs.map((i) => fields[i]);
    const output = fields[v];
    if (output === undefined || isUnknown(output) || inputs.some((f) => f === undefined || isUnknown(f))) return;
    this.backwardNumbers(node, curve, inputs as Field[], [output], [g], context);
  }

  /** Total derivative from a curve's value to its source, along every path between them. */
  private backwardCurve(out: ValueId, curve: Curve, g: Gradient): void {
    const source = this.forward.fields[curve.source];
    if (source === undefined || isUnknown(source)) return;
    const [step] = curve.operands;
    if (curve.operands.length === 1 && step?.value === curve.source) {
      this.give(step.value, finite(pullBack(g, step.partial, curve, source, this.normalizes(step.value))), {
        value: out,
        factor: average(step.partial, curve.marginal.weights),
      });
      return;
    }
    // By value between the two: the derivative of `out` with respect to it.
    const adjoints = new Map<ValueId, Float64Array>();
    const order = [out];
    while (order.length > 0) {
      if (order.length > 1) order.sort((a, b) => a - b);
      const v = order.pop()!;
      const own = adjoints.get(v);
      for (const { value, partial } of this.forward.curves.get(v)?.operands ?? []) {
        if (this.isCut[value] === true) continue;
        const along = own === undefined ? partial : productOf(own, partial);
        const before = adjoints.get(value);
        adjoints.set(value, before === undefined ? along : sumOf(before, along));
        if (before === undefined && value !== curve.source) order.push(value);
      }
    }
    for (const [v, adjoint] of adjoints) {
      if (v === curve.source) {
        this.give(v, finite(pullBack(g, adjoint, { ...curve, direct: undefined }, source, this.normalizes(v))), {
          value: out,
          factor: average(adjoint, curve.marginal.weights),
        });
        continue;
      }
      let square = 0;
      const weights = g.weights?.value ?? curve.marginal.weights;
      for (let i = 0; i < adjoint.length; i++) square += weights[i]! * adjoint[i]! ** 2;
      const inner: Gradient = { mean: 0, kernel: scaledBy(g.kernel, square), scale: g.scale, axes: g.axes };
      const kept = finite(inner);
      if (kept === undefined) continue;
      this.interior.set(v, addGradients(this.interior.get(v), kept));
      this.numbersInside(v, kept);
    }
  }
}

/** E[g·g′·x̂·x̂′] for a gradient carried by the entries that `weights` describes. */
function tiltedAlong(g: Gradient, x: Field, values: Float64Array, weights: Float64Array): Float64Array {
  const std = Math.sqrt(Math.max(1e-300, at(x.kernel, 0) - x.mean * x.mean));
  let first = 0;
  let second = 0;
  for (let i = 0; i < values.length; i++) {
    const t = (values[i]! - x.mean) / std;
    first += weights[i]! * t;
    second += weights[i]! * t * t;
  }
  return newKernel((m) => at(g.kernel, m) * (m === 0 ? second : first * first));
}

function average(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i]! * values[i]!;
  return sum;
}

/** Gradient iid N(0,1) at an output. */
function outputGradient(f: Field): Gradient {
  // Entries that differ nowhere are the same entry, also in roles that the output does not have.
  let roles = 0;
  for (const axis of f.axes) for (const factor of axis) if (factor.size > 1) roles |= 1 << factor.role;
  return { mean: 0, kernel: newKernel((m) => (m & roles ? 0 : 1)), scale: 0, axes: f.axes };
}

function finite(g: Gradient): Gradient | undefined {
  return allFinite(g.kernel) ? g : undefined;
}

function normalizedGradient(g: Gradient): Gradient {
  const n = normalized(g);
  if (n === g) return g;
  const factor = Math.pow(2, Math.max(-1070, Math.min(1020, g.scale - n.scale)));
  return { ...n, weights: g.weights, base: g.base, absorbed: g.absorbed, along: g.along?.map((k) => k * factor) };
}
