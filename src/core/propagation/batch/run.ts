import { isKnown, type GraphNode, type InputStatistics, type ValueId } from '../../model/index.js';
import type { Kernels } from '../kernels/types.js';
import { NodeContext, streamOf, type RunParts } from './context.js';
import { Maps } from './draw/maps.js';
import { drawConstant } from './draw/constants.js';
import { Weights, type DrawnParameter } from './draw/weights.js';
import { Gradients } from './gradients.js';
import { fillInput } from './draw/inputs.js';
import { parametersOf } from '../parameters-of.js';
import { readBy, ruleOf, type Plan } from './plan.js';
import { Memory } from './tensor/memory.js';
import { sizeOf, type Tensor } from './tensor/tensor.js';
import { isUnknown, type Unknown } from './types.js';

/** What a run tells whoever watches. Tensors are only lent. */
export interface Observer {
  /** A value as soon as it is there; `node` made it from `inputs`. */
  forward?(v: ValueId, t: Tensor, node: GraphNode, inputs: readonly Tensor[]): void;
  /** The whole gradient of a value. */
  backward?(v: ValueId, g: Tensor): void;
  gradient?(id: number, g: Tensor): void;
  /** Between nodes; `true` ends the run. */
  step?(done: number, all: number): boolean;
}

/** Entries that are not drawn: of inputs and constants, of parameters, of the loss's gradient at outputs. */
export interface GivenEntries {
  readonly inputs?: ReadonlyMap<ValueId, ArrayLike<number>>;
  readonly parameters?: ReadonlyMap<number, ArrayLike<number>>;
  readonly gradients?: ReadonlyMap<ValueId, ArrayLike<number>>;
}

export interface RunOptions {
  readonly seed: number;
  readonly training: boolean;
  readonly inputs?: readonly (InputStatistics | undefined)[] | undefined;
  /** Entries to take instead of draws. */
  readonly given?: GivenEntries | undefined;
  /** Bytes that draws of weights may take between their uses. */
  readonly room: number;
}

export interface RunResult {
  readonly finished: boolean;
  /** By value: why it is not known. */
  readonly unknown: ReadonlyMap<ValueId, string>;
  /** By parameter: Σ (∂L/∂w)². */
  readonly squares: ReadonlyMap<number, number>;
  /** By node. */
  readonly notes: readonly (readonly string[])[];
}

const NO_DATA = new Float32Array(0);

/**
 * Directions stay uniform and samples independent, so that second moments of all gradients keep the expectations that
 * iid N(0,1) gives them; what is gone is the scatter of the few normal draws at ten logits over eight samples.
 */
function withUnitSamples(kernels: Kernels, g: Tensor): void {
  const samples = g.shape.length > 1 ? (g.shape[0] ?? 1) : 1;
  const width = g.data.length / samples;
  for (let i = 0; i < samples; i++) {
    const own = g.data.subarray(i * width, (i + 1) * width);
    const { squares } = kernels.sums(own);
    if (squares > 0) kernels.scale(own, Math.sqrt(width / squares));
  }
}

/** One seed: a batch through the graph and its gradient back. */
export class Run {
  private readonly memory: Memory;
  private readonly parts: RunParts;
  private readonly contexts: NodeContext[];
  private readonly values: (Tensor | Unknown | undefined)[];
  private readonly gradients: (Tensor | undefined)[];
  /** How many nodes still take the value on the way forward. */
  private readonly left: number[];
  private readonly usesLeft: Map<number, number>;
  private readonly saved: Tensor[][];

  constructor(
    private readonly plan: Plan,
    parameters: readonly DrawnParameter[],
    kernels: Kernels,
    private readonly options: RunOptions,
    private readonly observer: Observer,
  ) {
    this.memory = new Memory(kernels);
    const weights = new Weights(parameters, this.memory, options.seed, options.room / 4, options.given?.parameters);
    const maps = new Maps(plan.mapped, kernels, options.seed, options.room / 4);
    const gradients = new Gradients(this.memory, maps, plan, observer.gradient?.bind(observer));
    this.parts = {
      plan,
      memory: this.memory,
      weights,
      maps,
      gradients,
      seed: options.seed,
      training: options.training,
    };
    const { nodes, values } = plan.graph;
    this.contexts = nodes.map((node, i) => new NodeContext(this.parts, node, i));
    this.values = new Array<Tensor | Unknown | undefined>(values.length).fill(undefined);
    this.gradients = new Array<Tensor | undefined>(values.length).fill(undefined);
    this.left = [...plan.consumers];
    this.usesLeft = new Map(plan.uses);
    this.saved = nodes.map(() => []);
  }

  run(): RunResult {
    try {
      const finished = this.forward() && this.backward();
      return {
        finished,
        unknown: new Map(this.values.flatMap((t, v) => (isUnknown(t) ? [[v, t.unknown] as const] : []))),
        squares: this.parts.gradients.squares,
        notes: this.contexts.map((c) => [...c.notes]),
      };
    } finally {
      this.parts.maps.dispose();
      this.memory.releaseAll();
    }
  }

  private forward(): boolean {
    const { nodes } = this.plan.graph;
    for (let i = 0; i < nodes.length; i++) {
      if (this.observer.step?.(i, 2 * nodes.length) === true) return false;
      this.forwardNode(nodes[i]!, i);
    }
    return true;
  }

  private forwardNode(node: GraphNode, i: number): void {
    const c = this.contexts[i]!;
    const inputs = node.inputs.map((v) => this.values[v] ?? { unknown: 'a value that was never computed' });
    const missing = inputs.find(isUnknown);
    const known = inputs as readonly Tensor[];
    const results =
      missing ??
      this.unknownShape(node) ??
      this.source(node, c) ??
      ruleOf(node.operation).forward(node.operation, known, c);
    const reads = missing === undefined ? this.plan.reads[i]! : 'nothing';
    node.outputs.forEach((v, k) => {
      const t = isUnknown(results) ? results : (results[k] ?? { unknown: 'an output that its rule does not give' });
      // Results that share their data with an input or with each other hold it once more.
      if (!isUnknown(t) && this.isShared(t, known, isUnknown(results) ? [] : results.slice(0, k))) this.memory.hold(t);
      this.values[v] = t;
      if (!isUnknown(t)) this.observer.forward?.(v, t, node, known);
    });
    if (!isUnknown(results))
      for (const v of readBy(node, reads)) {
        const t = this.values[v];
        if (t !== undefined && !isUnknown(t)) this.saved[i]!.push(this.memory.hold(t));
      }
    for (const v of node.inputs) this.consumed(v);
    for (const v of node.outputs) if (this.plan.consumers[v] === 0) this.give(v);
    if (!this.isLive(i)) c.close();
  }

  private isShared(t: Tensor, inputs: readonly Tensor[], before: readonly Tensor[]): boolean {
    return inputs.some((x) => x.data === t.data) || before.some((x) => x.data === t.data);
  }

  private isLive(i: number): boolean {
    return this.plan.live[i] === true;
  }

  private unknownShape(node: GraphNode): Unknown | undefined {
    const isNot = node.operation.kind !== 'opaque' && node.outputs.some((v) => this.plan.shapes[v] === undefined);
    return isNot ? { unknown: 'a size that is not known' } : undefined;
  }

  /** Inputs and constants: drawn, or as they are given. */
  private source(node: GraphNode, c: NodeContext): readonly Tensor[] | Unknown | undefined {
    const op = node.operation;
    if (op.kind !== 'input' && op.kind !== 'constant') return undefined;
    const v = node.outputs[0]!;
    const given = this.options.given?.inputs?.get(v) ?? (op.kind === 'constant' ? op.entries : undefined);
    if (op.kind === 'constant' && given === undefined && !isKnown(op.distribution))
      return { unknown: op.distribution.kind === 'unknown' ? op.distribution.reason : 'uninitialized memory' };
    const t = this.memory.make(c.outputShapes[0]!);
    if (given !== undefined) t.data.set(given);
    else {
      c.seed();
      if (op.kind === 'input') fillInput(c.kernels, op, t, this.options.inputs?.[this.plan.graph.inputs.indexOf(v)]);
      else {
        const note = drawConstant(c.kernels, op.distribution, t);
        if (note !== undefined) c.note(note);
      }
    }
    return [t];
  }

  private consumed(v: ValueId): void {
    this.left[v] = this.left[v]! - 1;
    if (this.left[v] === 0) this.give(v);
  }

  /** The way forward is done with the value: its shape stays. */
  private give(v: ValueId): void {
    const t = this.values[v];
    if (t === undefined || isUnknown(t)) return;
    this.memory.release(t);
    this.values[v] = { shape: t.shape, data: NO_DATA };
  }

  private backward(): boolean {
    const { nodes } = this.plan.graph;
    this.plan.starts.forEach((v, k) => {
      this.startAt(v, k);
    });
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (this.observer.step?.(2 * nodes.length - 1 - i, 2 * nodes.length) === true) return false;
      this.backwardNode(nodes[i]!, i);
    }
    this.parts.gradients.finishAll();
    return true;
  }

  /** The loss is Σ of the output's entries times normal draws, of which each sample's have a mean square of 1. */
  private startAt(v: ValueId, k: number): void {
    const t = this.values[v];
    if (t === undefined || isUnknown(t) || this.plan.graph.values[v]?.dtype !== 'float') return;
    const g = this.memory.make(t.shape);
    const given = this.options.given?.gradients?.get(v);
    if (given !== undefined) g.data.set(given);
    else {
      this.memory.kernels.seed(this.options.seed, streamOf(this.plan.graph.nodes.length + k, 'forward'));
      this.memory.kernels.normal(g.data, 0, 1);
      withUnitSamples(this.memory.kernels, g);
    }
    this.add(v, g, false);
  }

  private backwardNode(node: GraphNode, i: number): void {
    const c = this.contexts[i]!;
    const gradients = node.outputs.map((v) => this.gradients[v]);
    node.outputs.forEach((v, k) => {
      const g = gradients[k];
      if (g !== undefined) this.observer.backward?.(v, g);
    });
    if (gradients.some((g) => g !== undefined)) {
      const results = ruleOf(node.operation).backward(
        node.operation,
        { inputs: this.lent(node.inputs, i), outputs: this.lent(node.outputs, i), gradients },
        c,
      );
      node.inputs.forEach((v, k) => {
        const g = results[k];
        if (g === undefined) return;
        const shared = gradients.some((x) => x?.data === g.data) || results.slice(0, k).some((x) => x?.data === g.data);
        if (this.plan.wanted[v] === true) this.add(v, g, shared);
        else if (!shared) this.memory.release(g);
      });
    }
    for (const v of node.outputs) {
      this.memory.release(this.gradients[v]);
      this.gradients[v] = undefined;
    }
    this.memory.release(...this.saved[i]!);
    this.saved[i] = [];
    c.close();
    if (this.isLive(i)) for (const id of parametersOf(node.operation)) this.used(id);
  }

  private used(id: number): void {
    const left = (this.usesLeft.get(id) ?? 0) - 1;
    this.usesLeft.set(id, left);
    if (left > 0) return;
    this.parts.gradients.finish(id);
    this.parts.weights.drop(id);
  }

  /** Values as the way back sees them: with data where it was saved. */
  private lent(ids: readonly ValueId[], i: number): Tensor[] {
    const reads = new Set(readBy(this.plan.graph.nodes[i]!, this.plan.reads[i]!));
    const saved = this.saved[i]!;
    const order = readBy(this.plan.graph.nodes[i]!, this.plan.reads[i]!);
    return ids.map((v) => {
      const own = reads.has(v) ? saved[order.indexOf(v)] : undefined;
      if (own !== undefined) return own;
      const t = this.values[v];
      return { shape: t === undefined || isUnknown(t) ? [] : t.shape, data: NO_DATA };
    });
  }

  /** Adds to a value's gradient; what others see as well is copied before it is written to. */
  private add(v: ValueId, g: Tensor, shared: boolean): void {
    if (shared) this.memory.hold(g);
    const sum = this.gradients[v];
    if (sum === undefined) {
      this.gradients[v] = g;
      return;
    }
    let own = sum;
    if (!this.memory.isOwn(sum)) {
      own = this.memory.make(sum.shape);
      own.data.set(sum.data.subarray(0, sizeOf(sum.shape)));
      this.memory.release(sum);
      this.gradients[v] = own;
    }
    this.memory.kernels.addScaled(own.data, g.data, 1);
    this.memory.release(g);
  }
}
