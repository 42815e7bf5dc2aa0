import {
  isKnown,
  type Graph,
  type GraphNode,
  type Operation,
  type Parameter,
  type Shape,
  type ValueId,
} from '../../model/index.js';
import { addGradients, fieldOfCurve, identityCurve, pullBack, type Curve } from './curve.js';
import { at, newKernel, normalized, sampleVariance, type Field } from './field.js';
import { carriedByTerm, marginalOfSum, sampledField, type Sampled } from './marginal-sum.js';
import { asNumber, isPointwise, pointwiseCurve, type Operand } from './pointwise.js';
import { maximumOf, maxPoolShape, pickedGradient, type Pooled } from './rules/pool.js';
import { centredBy } from './rules/centre.js';
import { RULES } from './rules/table.js';
import { isUnknown, unknown, type Gradient, type Rule, type RuleContext, type Unknown } from './types.js';

export interface MomentsOptions {
  /** Batch statistics and dropout on. Default true. */
  readonly training?: boolean | undefined;
  /** Samples in the batch where the traced input has one. Default 8. */
  readonly batch?: number | undefined;
  /** Mean and variance of the inputs, in their order. Default 0 and 1; integers are uniform over their range. */
  readonly inputs?: readonly ({ readonly mean: number; readonly variance: number } | undefined)[] | undefined;
}

/** What is known of one value. Variances are those over the entries of one drawn tensor, E[x²] − E[x]². */
export interface ValueMoments {
  readonly mean: number;
  readonly variance: number;
  /** log₂ of E[x²], also where the variance over- or underflows. */
  readonly logSecondMoment: number;
  /** E[x·x′]/E[x²] of one unit's answers to two inputs: 1 when all inputs look alike. */
  readonly sampleCorrelation: number;
}

export interface PropagationResult {
  readonly forward: readonly (ValueMoments | Unknown)[];
  /** Variance of the gradient with respect to each value; undefined where none arrives. */
  readonly backward: readonly ({ readonly variance: number } | Unknown | undefined)[];
  /** What is approximate, by node. */
  readonly approximations: readonly (readonly string[])[];
  /** The fields themselves, for whoever needs more. */
  readonly fields: readonly (Field | Unknown | undefined)[];
  readonly gradients: readonly (Gradient | undefined)[];
}

export interface Propagated {
  readonly graph: Graph;
  readonly parameters: readonly Pick<Parameter, 'shape' | 'distribution'>[];
}

/**
 * Mean-field moments of every value of a graph and of the loss's gradient with respect to it, for a loss whose
 * gradient at the outputs is iid N(0,1). Exact in the limit of wide layers; never NaN or infinite.
 */
export function propagateMoments(model: Propagated, options: MomentsOptions = {}): PropagationResult {
  return new Engine(model, options).run();
}

class Engine {
  private readonly graph: Graph;
  private readonly fields: (Field | Unknown | undefined)[];
  private readonly curves = new Map<ValueId, Curve>();
  private readonly gradients: (Gradient | undefined)[];
  /** Gradients that pass along curves, reported but not propagated a second time. */
  private readonly interior = new Map<ValueId, Gradient>();
  private readonly blocked = new Map<ValueId, string>();
  private readonly notes: Set<string>[];
  private readonly producers: (GraphNode | undefined)[];
  private readonly training: boolean;
  private readonly batch: number;

  constructor(
    private readonly model: Propagated,
    private readonly options: MomentsOptions,
  ) {
    this.graph = model.graph;
    const n = model.graph.values.length;
    this.fields = new Array<Field | Unknown | undefined>(n).fill(undefined);
    this.gradients = new Array<Gradient | undefined>(n).fill(undefined);
    this.notes = model.graph.nodes.map(() => new Set<string>());
    this.producers = new Array<GraphNode | undefined>(n).fill(undefined);
    for (const node of model.graph.nodes) for (const v of node.outputs) this.producers[v] = node;
    this.training = options.training ?? true;
    this.batch = options.batch ?? 8;
  }

  run(): PropagationResult {
    this.graph.nodes.forEach((node, i) => {
      this.forwardNode(node, i);
    });
    for (const v of this.graph.outputs) {
      const f = this.fields[v];
      if (f === undefined || isUnknown(f)) continue;
      this.give(v, outputGradient(f));
    }
    for (let i = this.graph.nodes.length - 1; i >= 0; i--) this.backwardNode(this.graph.nodes[i]!, i);
    return {
      forward: this.fields.map((f) => momentsOf(f)),
      backward: this.fields.map((_, v) => this.gradientOf(v)),
      approximations: this.notes.map((s) => [...s]),
      fields: this.fields,
      gradients: this.gradients.map((_, v) => this.totalGradient(v)),
    };
  }

  private shapeOf(v: ValueId): Shape {
    return this.graph.values[v]?.shape ?? [];
  }

  private contextOf(node: GraphNode, index: number): RuleContext {
    const notes = this.notes[index] ?? new Set<string>();
    return {
      node,
      inputShapes: node.inputs.map((v) => this.shapeOf(v)),
      outputShapes: node.outputs.map((v) => this.shapeOf(v)),
      inputTypes: node.inputs.map((v) => this.graph.values[v]?.dtype ?? 'float'),
      training: this.training,
      batch: this.batch,
      parameter: (id) => this.model.parameters[id],
      note: (text) => notes.add(text),
    };
  }

  private forwardNode(node: GraphNode, index: number): void {
    const c = this.contextOf(node, index);
    const inputs = node.inputs.map((v) => this.fields[v] ?? unknown('a value that was never computed'));
    const missing = inputs.find(isUnknown);
    if (missing !== undefined) {
      const rescued = (RULES[node.operation.kind] as Rule | undefined)?.withUnknownInput?.(node.operation, c);
      node.outputs.forEach((v, k) => (this.fields[v] = rescued?.[k] ?? missing));
      return;
    }
    const known = inputs as readonly Field[];
    const result =
      this.asCurve(node, known) ??
      this.asPooledCurve(node, known, c) ??
      this.asCentred(node, known) ??
      this.byRule(node.operation, known, c);
    if (isUnknown(result)) {
      for (const v of node.outputs) this.fields[v] = result;
      return;
    }
    const sum = node.operation.kind === 'add' ? this.withSumMarginal(node, known, result) : result;
    node.outputs.forEach((v, k) => {
      const field = sum[k];
      this.fields[v] =
        field === undefined ? unknown('an output that its rule does not give') : checked(normalized(field));
    });
    if (node.operation.kind === 'input') this.withStatistics(node);
  }

  private byRule(op: Operation, inputs: readonly Field[], c: RuleContext): readonly Field[] | Unknown {
    const rule = RULES[op.kind] as Rule | undefined;
    if (rule === undefined) return unknown(`no rule for ${op.kind}`);
    return rule.forward(op, inputs, c);
  }

  /** Statistics given for an input replace N(0,1). */
  private withStatistics(node: GraphNode): void {
    const v = node.outputs[0];
    if (v === undefined) return;
    const given = this.options.inputs?.[this.graph.inputs.indexOf(v)];
    const f = this.fields[v];
    if (given === undefined || f === undefined || isUnknown(f)) return;
    const m2 = given.mean * given.mean;
    this.fields[v] = {
      ...f,
      mean: given.mean,
      kernel: newKernel((m) => (at(f.kernel, m) === at(f.kernel, 0) ? m2 + given.variance : m2)),
    };
  }

  private curveOf(v: ValueId): Curve | undefined {
    const known = this.curves.get(v);
    if (known !== undefined) return known;
    const field = this.fields[v];
    if (field === undefined || isUnknown(field)) return undefined;
    return identityCurve(v, field);
  }

  /** Learned slopes that are constant at initialization. */
  private slopeOf(op: Operation): number | undefined {
    if (op.kind !== 'activation' || op.learned === undefined) return undefined;
    const d = this.model.parameters[op.learned]?.distribution;
    return d !== undefined && isKnown(d) ? d.mean : undefined;
  }

  private asCurve(node: GraphNode, inputs: readonly Field[]): readonly Field[] | Unknown | undefined {
    const out = node.outputs[0];
    if (!isPointwise(node.operation) || out === undefined) return undefined;
    const operands: Operand[] = [];
    for (let i = 0; i < inputs.length; i++) {
      const v = node.inputs[i]!;
      const number = inputs.length > 1 ? asNumber(inputs[i]!) : undefined;
      if (number !== undefined) operands.push({ number });
      else {
        const curve = this.curveOf(v);
        if (curve === undefined) return undefined;
        operands.push({ value: v, curve });
      }
    }
    const functions = operands.flatMap((o) => ('number' in o ? [] : [o]));
    const first = functions[0];
    if (first === undefined) return undefined;
    const source = this.fields[first.curve.source];
    if (source === undefined || isUnknown(source)) return undefined;
    // The result must have the operand's own shape: a broadcast is another matter.
    if (
      functions.some(
        (o) =>
          !sameShape(this.shapeOf(o.value), this.shapeOf(out)) ||
          !sameShape(this.shapeOf(o.curve.source), this.shapeOf(out)),
      )
    ) {
      if (functions.length > 1 || !sameShape(this.shapeOf(first.value), this.shapeOf(out))) return undefined;
    }
    const curve = pointwiseCurve(node.operation, operands, this.slopeOf(node.operation), this.training);
    if (curve === undefined) return undefined;
    if ('unknown' in curve) return curve;
    const field = fieldOfCurve(curve, source);
    if (isUnknown(field)) return field;
    this.curves.set(out, curve);
    return [field];
  }

  /** Max pooling of a function of a source: the largest entry's distribution is taken over the source's nodes. */
  private asPooledCurve(
    node: GraphNode,
    inputs: readonly Field[],
    c: RuleContext,
  ): readonly Field[] | Unknown | undefined {
    const pooled = this.pooled(node, inputs[0], c);
    return pooled === undefined ? undefined : [pooled.field];
  }

  private pooled(node: GraphNode, x: Field | undefined, c: RuleContext): Pooled | undefined {
    const op = node.operation;
    if ((op.kind !== 'pool' && op.kind !== 'adaptivePool') || op.reduce !== 'max' || x === undefined) return undefined;
    const v = node.inputs[0]!;
    const curve = this.curves.get(v);
    if (curve === undefined) return undefined;
    const source = this.fields[curve.source];
    if (source === undefined || isUnknown(source)) return undefined;
    const shape = maxPoolShape(op, x, c);
    const variance = at(source.kernel, 0) - source.mean * source.mean;
    const rho = variance > 0 ? (at(source.kernel, shape.positions) - source.mean * source.mean) / variance : 0;
    return maximumOf(
      curve.values,
      curve.marginal.nodes,
      curve.marginal.weights,
      x,
      shape.n,
      rho,
      shape.positions,
      shape.axes,
      shape.profiles,
    );
  }

  /** A sum with a rectified term is not Gaussian: its distribution is the convolution of the terms'. */
  private withSumMarginal(node: GraphNode, inputs: readonly Field[], result: readonly Field[]): readonly Field[] {
    const [a, b] = inputs;
    const out = result[0];
    if (
      a === undefined ||
      b === undefined ||
      out === undefined ||
      this.curves.has(node.outputs[0]!) ||
      a.scale !== b.scale ||
      out.scale !== a.scale
    )
      return result;
    if (node.inputs.some((v) => !sameShape(this.shapeOf(v), this.shapeOf(node.outputs[0]!)))) return result;
    const [x, y] = node.inputs.map((v, i) => this.sampled(v, inputs[i]!));
    if (x === undefined || y === undefined || (x.plain && y.plain)) return result;
    return [{ ...out, marginal: marginalOfSum(x, y) }];
  }

  private sampled(v: ValueId, field: Field): Sampled & { plain: boolean } {
    const curve = this.curves.get(v);
    if (curve?.scale === field.scale) return { values: curve.values, weights: curve.marginal.weights, plain: false };
    return { ...sampledField(field), plain: field.marginal === undefined };
  }

  /** x − mean(x): the centring of a hand-written normalization. */
  private asCentred(node: GraphNode, inputs: readonly Field[]): readonly Field[] | undefined {
    const plan = this.centring(node);
    return plan === undefined || inputs[0] === undefined || inputs[1] === undefined
      ? undefined
      : [centredBy(inputs[0], inputs[1])];
  }

  private centring(node: GraphNode): ValueId | undefined {
    if (node.operation.kind !== 'subtract') return undefined;
    const [x, m] = node.inputs;
    const maker = m === undefined ? undefined : this.producers[m];
    const op = maker?.operation;
    return op?.kind === 'reduce' && op.how === 'mean' && maker?.inputs[0] === x ? x : undefined;
  }

  private give(v: ValueId | undefined, g: Gradient | undefined): void {
    if (v === undefined || g === undefined || this.graph.values[v]?.dtype !== 'float') return;
    this.gradients[v] = normalizedGradient(addGradients(this.gradients[v], g));
  }

  private backwardNode(node: GraphNode, index: number): void {
    const grads = node.outputs.map((v) => this.gradients[v]);
    const reason = node.outputs.map((v) => this.blocked.get(v)).find((r) => r !== undefined);
    if (reason !== undefined) for (const v of node.inputs) this.blocked.set(v, reason);
    if (grads.every((g) => g === undefined)) return;
    const inputs = node.inputs.map((v) => this.fields[v]);
    const outputs = node.outputs.map((v) => this.fields[v]);
    if (inputs.some((f) => f === undefined || isUnknown(f)) || outputs.some((f) => f === undefined || isUnknown(f))) {
      for (const v of node.inputs) this.blocked.set(v, 'the gradient passes a step whose moments are not known');
      return;
    }
    const c = this.contextOf(node, index);
    const out = node.outputs[0]!;
    const curve = this.curves.get(out);
    if (curve !== undefined && curve.operands.length > 0) {
      this.backwardCurve(out, curve, grads[0]!);
      this.backwardNumbers(node, curve, inputs as Field[], outputs as Field[], grads, c);
      return;
    }
    const known = inputs as readonly Field[];
    const op = node.operation;
    const pooled = this.pooled(node, known[0], c);
    if (pooled !== undefined && (op.kind === 'pool' || op.kind === 'adaptivePool')) {
      this.give(node.inputs[0], pickedGradient(grads[0]!, known[0]!, maxPoolShape(op, known[0]!, c), pooled.picked));
      return;
    }
    const rule = RULES[op.kind] as Rule | undefined;
    const back = rule?.backward(op, known, outputs as readonly Field[], grads, c) ?? [];
    node.inputs.forEach((v, i) => {
      const g = back[i];
      if (g !== undefined) this.give(v, finite(op.kind === 'add' ? this.withCarried(g, grads[0]!, node, known, i) : g));
    });
  }

  /** The gradient at a term of a sum, with which of the term's entries carry it. */
  private withCarried(g: Gradient, atSum: Gradient, node: GraphNode, inputs: readonly Field[], i: number): Gradient {
    const v = node.inputs[i]!;
    const out = this.fields[node.outputs[0]!];
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
    const sum = sampledField(out);
    if (atSum.weights?.length !== sum.values.length) return g;
    const own = this.sampled(v, x);
    const weights = carriedByTerm(own, this.sampled(node.inputs[1 - i]!, y), sum, atSum.weights);
    if (weights === undefined) return g;
    if (this.curves.has(v)) return { ...g, weights, base: own.weights };
    return this.normalizes(v) ? { ...g, along: tiltedAlong(g, x, own.values, weights) } : g;
  }

  /** True when the value comes out of a normalization, whose gradient depends on where its output is. */
  private normalizes(v: ValueId): boolean {
    return this.producers[v]?.operation.kind === 'normalize';
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

  /** Total derivative from a curve's value to its source, along every path between them. */
  private backwardCurve(out: ValueId, curve: Curve, g: Gradient): void {
    const source = this.fields[curve.source];
    if (source === undefined || isUnknown(source)) return;
    const adjoints = new Map<ValueId, Float64Array>([[out, new Float64Array(curve.values.length).fill(1)]]);
    const order = [out];
    while (order.length > 0) {
      order.sort((a, b) => a - b);
      const v = order.pop()!;
      const own = adjoints.get(v)!;
      for (const { value, partial } of this.curves.get(v)?.operands ?? []) {
        let sum = adjoints.get(value);
        if (sum === undefined) {
          sum = new Float64Array(own.length);
          adjoints.set(value, sum);
          if (value !== curve.source) order.push(value);
        }
        for (let i = 0; i < own.length; i++) sum[i] = sum[i]! + own[i]! * partial[i]!;
      }
    }
    for (const [v, adjoint] of adjoints) {
      if (v === out) continue;
      if (v === curve.source) {
        const only = curve.operands.length === 1 && curve.operands[0]?.value === curve.source;
        this.give(
          v,
          finite(pullBack(g, adjoint, only ? curve : { ...curve, direct: undefined }, source, this.normalizes(v))),
        );
        continue;
      }
      let square = 0;
      for (let i = 0; i < adjoint.length; i++) square += (g.weights ?? curve.marginal.weights)[i]! * adjoint[i]! ** 2;
      const inner: Gradient = { mean: 0, kernel: g.kernel.map((k) => k * square), scale: g.scale, axes: g.axes };
      const kept = finite(inner);
      if (kept !== undefined) this.interior.set(v, addGradients(this.interior.get(v), kept));
    }
  }

  /** All of a value's gradient: what came from outside its curve and along it. */
  private totalGradient(v: ValueId): Gradient | undefined {
    const inside = this.interior.get(v);
    return inside === undefined ? this.gradients[v] : addGradients(this.gradients[v], inside);
  }

  private gradientOf(v: ValueId): { readonly variance: number } | Unknown | undefined {
    const g = this.totalGradient(v);
    const f = this.fields[v];
    if (g === undefined) {
      const reason = this.blocked.get(v);
      if (reason !== undefined) return unknown(reason);
      return f !== undefined && isUnknown(f) ? f : undefined;
    }
    const variance = sampleVariance({ ...g, axes: g.axes }) * Math.pow(2, Math.max(-1070, Math.min(1020, g.scale)));
    return Number.isFinite(variance) ? { variance } : unknown('the gradient leaves the range of doubles');
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

/** Gradient iid N(0,1) at an output. */
function outputGradient(f: Field): Gradient {
  // Entries that differ nowhere are the same entry, also in roles that the output does not have.
  let roles = 0;
  for (const axis of f.axes) for (const factor of axis) if (factor.size > 1) roles |= 1 << factor.role;
  return { mean: 0, kernel: newKernel((m) => (m & roles ? 0 : 1)), scale: 0, axes: f.axes };
}

function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}

/** NaN never leaves a rule: it becomes an unknown with a reason. */
function checked(f: Field): Field | Unknown {
  if (!Number.isFinite(f.mean) || f.kernel.some((k) => !Number.isFinite(k)))
    return unknown('values beyond what doubles hold');
  return at(f.kernel, 0) < 0 ? { ...f, kernel: f.kernel.map((k) => Math.max(0, k)) } : f;
}

function finite(g: Gradient): Gradient | undefined {
  return g.kernel.every((k) => Number.isFinite(k)) ? g : undefined;
}

function normalizedGradient(g: Gradient): Gradient {
  const n = normalized(g);
  if (n === g) return g;
  const factor = Math.pow(2, Math.max(-1070, Math.min(1020, g.scale - n.scale)));
  return { ...n, weights: g.weights, base: g.base, absorbed: g.absorbed, along: g.along?.map((k) => k * factor) };
}

function momentsOf(f: Field | Unknown | undefined): ValueMoments | Unknown {
  if (f === undefined) return unknown('a value that was never computed');
  if (isUnknown(f)) return f;
  const unit = Math.pow(2, Math.max(-1070, Math.min(1020, f.scale)));
  const variance = sampleVariance(f) * unit;
  const mean = f.mean * Math.sqrt(unit);
  if (!Number.isFinite(variance) || !Number.isFinite(mean)) return unknown('the variance leaves the range of doubles');
  const q = at(f.kernel, 0);
  return {
    mean,
    variance,
    logSecondMoment: q > 0 ? Math.log2(q) + f.scale : -Number.MAX_VALUE,
    sampleCorrelation: q > 0 ? at(f.kernel, 1) / q : 1,
  };
}
