import {
  isKnown,
  type Graph,
  type GraphNode,
  type InputStatistics,
  type Operation,
  type Parameter,
  type Shape,
  type ValueId,
} from '../../model/index.js';
import { sizesOf } from './axes.js';
import { NodeContext } from './context.js';
import { fieldOfCurve, identityCurve, type Curve } from './curve.js';
import { at, atScale, axisSize, normalized, type Field } from './field.js';
import { allFinite, mapped } from './floats.js';
import { marginalOfParts, marginalOfSum, sampledField, type Sampled } from './marginal-sum.js';
import { oneHotField, statedField } from './rules/sources.js';
import { asNumber, isPointwise, pointwiseCurve, type Operand } from './pointwise.js';
import { entriesOf, joinedWindow, largestOfWindows, type Origin, type Pooled } from './rules/max-pool.js';
import { windowOf } from './rules/pool.js';
import { centredBy } from './rules/centre.js';
import { RULES } from './rules/table.js';
import { plus } from './streams.js';
import { sameShape, streamsOf, summands } from './sums.js';
import { isUnknown, uniform, unknown, type Rule, type RuleContext, type Unknown } from './types.js';

export interface MomentsOptions {
  /** Batch statistics and dropout on. Default true. */
  readonly training?: boolean | undefined;
  /** Samples in the batch where the traced input has one. Default 8. */
  readonly batch?: number | undefined;
  /** By input, in their order. Default: mean 0 and variance 1; integers are uniform over their range. */
  readonly inputs?: readonly (InputStatistics | undefined)[] | undefined;
  /** Asked at each node: once true, what follows is left unknown. */
  readonly isLate?: (() => boolean) | undefined;
}

export interface Propagated {
  readonly graph: Graph;
  readonly parameters: readonly Pick<Parameter, 'shape' | 'distribution'>[];
}

export const LATE = unknown(
  'there was no time left to simulate this; name the model to see with "# initscope: entry=…"',
);

/** Moments of every value, in the graph's order; what the way back needs of them is kept. */
export class ForwardPass {
  readonly graph: Graph;
  readonly fields: (Field | Unknown | undefined)[];
  /** Values that are functions of one other value. */
  readonly curves = new Map<ValueId, Curve>();
  /** By value: whose output it is. */
  readonly makers: (NodeContext | undefined)[];
  /** By node: the same forward and backward. */
  readonly contexts: readonly NodeContext[];

  /** `like` has been through the same graph with the same options: what depends on no other parameter is taken from it. */
  constructor(
    model: Propagated,
    private readonly options: MomentsOptions,
    like?: ForwardPass,
  ) {
    this.graph = model.graph;
    const n = model.graph.values.length;
    this.fields = new Array<Field | Unknown | undefined>(n).fill(undefined);
    this.makers = new Array<NodeContext | undefined>(n).fill(undefined);
    const { training = true, batch = 8 } = options;
    const around = { graph: model.graph, parameters: model.parameters, training, batch };
    this.contexts = model.graph.nodes.map((node, i) => new NodeContext(node, around, like?.contexts[i]));
    for (const c of this.contexts) for (const v of c.node.outputs) this.makers[v] = c;
    const taken = new Set<ValueId>();
    model.graph.nodes.forEach((node, i) => {
      const before = like?.contexts[i];
      if (
        like === undefined ||
        !node.inputs.every((v) => taken.has(v)) ||
        before?.hasSameParameters(model.parameters) !== true
      )
        this.forwardNode(node, this.contexts[i]!);
      else {
        this.contexts[i]!.takeFrom(before);
        this.take(like, node);
        for (const v of node.outputs) taken.add(v);
      }
    });
  }

  private take(like: ForwardPass, node: GraphNode): void {
    for (const v of node.outputs) {
      this.fields[v] = like.fields[v];
      const curve = like.curves.get(v);
      if (curve !== undefined) this.curves.set(v, curve);
    }
    const pooled = like.maxima.get(node);
    if (pooled !== undefined) this.maxima.set(node, pooled);
  }

  get isLate(): boolean {
    return this.options.isLate?.() === true;
  }

  private shapeOf(v: ValueId): Shape {
    return this.graph.values[v]?.shape ?? [];
  }

  private forwardNode(node: GraphNode, c: RuleContext): void {
    const inputs = node.inputs.map((v) => this.fields[v] ?? unknown('a value that was never computed'));
    const missing = this.isLate ? LATE : inputs.find(isUnknown);
    if (missing === LATE) {
      for (const v of node.outputs) this.fields[v] = LATE;
      return;
    }
    if (missing !== undefined) {
      const rescued = (RULES[node.operation.kind] as Rule | undefined)?.withUnknownInput?.(node.operation, c);
      node.outputs.forEach((v, k) => (this.fields[v] = rescued?.[k] ?? missing));
      return;
    }
    const known = inputs as readonly Field[];
    const result =
      this.asCurve(node, known, c) ??
      this.asPooled(node, known, c) ??
      this.asCentred(node, known) ??
      this.byRule(node.operation, known, c);
    if (isUnknown(result)) {
      for (const v of node.outputs) this.fields[v] = result;
      return;
    }
    const sum = this.withMarginal(node, known, this.withShared(node, result));
    node.outputs.forEach((v, k) => {
      const field = sum[k];
      this.fields[v] =
        field === undefined ? unknown('an output that its rule does not give') : checked(uniform(normalized(field)));
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
    if (given === undefined || 'tokens' in given || f === undefined || isUnknown(f)) return;
    this.fields[v] = 'oneHot' in given ? oneHotField(f, given.value ?? 1) : statedField(f, given.mean, given.variance);
  }

  /** The value that this one is a function of, or itself. */
  private sourceOf(v: ValueId): ValueId {
    return this.curves.get(v)?.source ?? v;
  }

  private curveOf(v: ValueId): Curve | undefined {
    const known = this.curves.get(v);
    if (known !== undefined) return known;
    const field = this.fields[v];
    if (field === undefined || isUnknown(field)) return undefined;
    const identity = this.identities.get(v) ?? identityCurve(v, field);
    this.identities.set(v, identity);
    return identity;
  }

  /** Of sources, which several functions start from. */
  private readonly identities = new Map<ValueId, Curve>();

  /** Learned slopes that are constant at initialization. */
  private slopeOf(op: Operation, c: RuleContext): number | undefined {
    if (op.kind !== 'activation' || op.learned === undefined) return undefined;
    const d = c.parameter(op.learned)?.distribution;
    return d !== undefined && isKnown(d) ? d.mean : undefined;
  }

  private asCurve(node: GraphNode, inputs: readonly Field[], c: RuleContext): readonly Field[] | Unknown | undefined {
    const out = node.outputs[0];
    if (!isPointwise(node.operation) || out === undefined) return undefined;
    const numbers = inputs.map((x) => (inputs.length > 1 ? asNumber(x) : undefined));
    const tensors = node.inputs.filter((_, i) => numbers[i] === undefined);
    const [first] = tensors;
    if (first === undefined) return undefined;
    const sourceId = this.sourceOf(first);
    const source = this.fields[sourceId];
    // Asked before anything is tabulated: most sums and products are of different tensors.
    if (source === undefined || isUnknown(source) || tensors.some((v) => this.sourceOf(v) !== sourceId))
      return undefined;
    // The result must have the operand's own shape: a broadcast is another matter.
    const shape = this.shapeOf(out);
    const isWhole = tensors.every((v) => sameShape(this.shapeOf(v), shape)) && sameShape(this.shapeOf(sourceId), shape);
    if (!isWhole && (tensors.length > 1 || !sameShape(this.shapeOf(first), shape))) return undefined;
    const operands: Operand[] = [];
    for (const [i, v] of node.inputs.entries()) {
      const number = numbers[i];
      const curve = number === undefined ? this.curveOf(v) : undefined;
      if (number !== undefined) operands.push({ number });
      else if (curve !== undefined) operands.push({ value: v, curve });
      else return undefined;
    }
    const curve = pointwiseCurve(
      node.operation,
      operands,
      this.slopeOf(node.operation, c),
      this.options.training ?? true,
    );
    if (curve === undefined) return undefined;
    if ('unknown' in curve) return curve;
    const field = fieldOfCurve(curve, source);
    if (isUnknown(field)) return field;
    this.curves.set(out, curve);
    // Scaling and shifting leave the shape as it is, for rules that know nothing of curves.
    const keepsShape = node.operation.kind === 'affine' && node.operation.factor > 0 && first === sourceId;
    return [keepsShape ? { ...field, marginal: source.marginal } : field];
  }

  private asPooled(node: GraphNode, inputs: readonly Field[], c: RuleContext): readonly Field[] | undefined {
    const pooled = this.pooled(node, inputs[0], c);
    return pooled === undefined ? undefined : [pooled.field];
  }

  /** Asked for forward and backward. */
  private readonly maxima = new Map<GraphNode, Pooled | undefined>();

  /** What a max pooling picks; undefined for any other node. */
  pooled(node: GraphNode, x: Field | undefined, c: RuleContext): Pooled | undefined {
    const { kind } = node.operation;
    if (kind !== 'pool' && kind !== 'adaptivePool') return undefined;
    if (this.maxima.has(node)) return this.maxima.get(node);
    const made = this.computePooled(node, x, c);
    this.maxima.set(node, made);
    return made;
  }

  private computePooled(node: GraphNode, x: Field | undefined, c: RuleContext): Pooled | undefined {
    const op = node.operation;
    if ((op.kind !== 'pool' && op.kind !== 'adaptivePool') || op.reduce !== 'max' || x === undefined) return undefined;
    const sizes = sizesOf(c.inputShapes[0] ?? []);
    const window = windowOf(op, sizes);
    const before = this.pooledBefore(node);
    const joined = before === undefined ? undefined : joinedWindow(before.window, window);
    const origin =
      before === undefined || joined === undefined
        ? { ...this.candidates(node.inputs[0]!, x), window, sizes }
        : { ...before, window: joined };
    return largestOfWindows(origin, sizesOf(c.outputShapes[0] ?? []));
  }

  /** Where the input comes from when it is itself a max pooling's output. */
  private pooledBefore(node: GraphNode): Origin | undefined {
    const maker = this.makers[node.inputs[0]!];
    if (maker?.node.operation.kind !== 'pool' || node.operation.kind !== 'pool') return undefined;
    const x = this.fields[maker.node.inputs[0]!];
    if (x === undefined || isUnknown(x)) return undefined;
    return this.pooled(maker.node, x, maker)?.origin;
  }

  /** A function of a source: its largest entry's distribution is taken over the source's nodes. */
  private candidates(v: ValueId, x: Field): ReturnType<typeof entriesOf> {
    const curve = this.curves.get(v);
    const source = curve === undefined ? undefined : this.fields[curve.source];
    if (curve === undefined || source === undefined || isUnknown(source)) return entriesOf(x);
    const { nodes, weights } = curve.marginal;
    return { values: curve.values, nodes, weights, entries: x, source };
  }

  /** A sum with a rectified term is not Gaussian: its distribution is the convolution of the terms'. */
  private withMarginal(node: GraphNode, inputs: readonly Field[], result: readonly Field[]): readonly Field[] {
    if (node.operation.kind === 'add') return this.withSumMarginal(node, inputs, result);
    return node.operation.kind === 'concatenate' ? this.withPartsMarginal(node, inputs, result) : result;
  }

  private readonly streams = streamsOf(this);

  /** A sum's two terms count as independent until here. */
  private withShared(node: GraphNode, result: readonly Field[]): readonly Field[] {
    const [a, b] = summands(this.graph, node);
    const out = result[0];
    if (a === undefined || b === undefined || out === undefined || this.curves.has(node.outputs[0]!)) return result;
    const shared = this.streams.covariance(a.value, b.value);
    return shared === undefined
      ? result
      : [{ ...out, ...plus(atScale(out, Math.max(out.scale, shared.scale)), shared, 2 * a.factor * b.factor) }];
  }

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
    const [v, w] = node.inputs;
    if (v === undefined || w === undefined || (this.isPlain(v, a) && this.isPlain(w, b))) return result;
    return [{ ...out, marginal: marginalOfSum(() => [this.sampled(v, a), this.sampled(w, b)]) }];
  }

  /** The entries of a concatenation are those of its parts. */
  private withPartsMarginal(node: GraphNode, inputs: readonly Field[], result: readonly Field[]): readonly Field[] {
    const out = result[0];
    if (out === undefined || node.operation.kind !== 'concatenate') return result;
    const { axis, stacked } = node.operation;
    if (inputs.some((x) => x.scale !== out.scale) || node.inputs.every((v, i) => this.isPlain(v, inputs[i]!)))
      return result;
    const sizes = inputs.map((x) => (stacked ? 1 : axisSize(x.axes[axis] ?? [])));
    const total = sizes.reduce((a, b) => a + b, 0);
    const marginal = marginalOfParts(
      () => node.inputs.map((v, i) => this.sampled(v, inputs[i]!)),
      sizes.map((s) => s / total),
    );
    return [{ ...out, marginal }];
  }

  /** Gaussian as far as is known. */
  private isPlain(v: ValueId, field: Field): boolean {
    return field.marginal === undefined && this.curves.get(v)?.scale !== field.scale;
  }

  sampled(v: ValueId, field: Field): Sampled {
    const curve = this.curves.get(v);
    return curve?.scale === field.scale
      ? { values: curve.values, weights: curve.marginal.weights }
      : sampledField(field);
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
    const maker = m === undefined ? undefined : this.makers[m]?.node;
    const op = maker?.operation;
    return op?.kind === 'reduce' && op.how === 'mean' && maker?.inputs[0] === x ? x : undefined;
  }
}

/** NaN never leaves a rule: it becomes an unknown with a reason. */
function checked(f: Field): Field | Unknown {
  if (!Number.isFinite(f.mean) || !allFinite(f.kernel)) return unknown('values beyond what doubles hold');
  return at(f.kernel, 0) < 0 ? { ...f, kernel: mapped(f.kernel, (k) => Math.max(0, k)) } : f;
}
