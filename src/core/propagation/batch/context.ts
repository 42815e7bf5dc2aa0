import type { GraphNode, ParameterId } from '../../model/index.js';
import type { Kernels } from '../kernels/types.js';
import type { LinearMap } from '../sampler/index.js';
import type { Maps } from './draw/maps.js';
import type { Weights } from './draw/weights.js';
import type { Gradients, Product, Rows } from './gradients.js';
import type { Plan } from './plan.js';
import type { Memory } from './tensor/memory.js';
import type { Tensor } from './tensor/tensor.js';
import type { RuleContext, Unknown } from './types.js';

/** Number of a node's stream of random numbers; parameters have the even ones. */
export function streamOf(node: number, way: 'forward' | 'back'): number {
  return 4 * node + (way === 'forward' ? 1 : 3);
}

/** What one seed's run is made of. */
export interface RunParts {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly weights: Weights;
  readonly maps: Maps;
  readonly gradients: Gradients;
  readonly seed: number;
  readonly training: boolean;
}

/** The context of one node in one seed. */
export class NodeContext implements RuleContext {
  readonly kernels: Kernels;
  readonly training: boolean;
  readonly outputShapes: readonly (readonly number[])[];
  readonly notes = new Set<string>();
  memo: unknown;
  private kept: Tensor[] = [];

  constructor(
    private readonly parts: RunParts,
    private readonly node: GraphNode,
    private readonly index: number,
  ) {
    this.kernels = parts.memory.kernels;
    this.training = parts.training;
    this.outputShapes = node.outputs.map((v) => parts.plan.shapes[v] ?? []);
  }

  make(shape: readonly number[]): Tensor {
    return this.parts.memory.make(shape);
  }

  release(...tensors: readonly (Tensor | undefined)[]): void {
    this.parts.memory.release(...tensors);
  }

  keep(tensor: Tensor): Tensor {
    this.kept.push(tensor);
    return tensor;
  }

  /** The way back is done, or there is none. */
  close(): void {
    this.release(...this.kept);
    this.kept = [];
    this.memo = undefined;
  }

  parameter(id: ParameterId): Tensor | Unknown {
    return this.parts.weights.take(id);
  }

  parameterRows(id: ParameterId, rows: ArrayLike<number>): Tensor | Unknown {
    return this.parts.weights.takeRows(id, rows);
  }

  eachBlock(id: ParameterId, visit: (first: number, rows: Tensor) => void): boolean {
    return this.parts.weights.eachBlock(id, visit);
  }

  linearMap(id: ParameterId): LinearMap | undefined {
    const chosen = this.parts.maps.take(id);
    if (chosen?.approximation !== undefined) this.note(chosen.approximation);
    return chosen?.map;
  }

  parameterShape(id: ParameterId): readonly number[] {
    return this.parts.weights.shape(id);
  }

  giveGradient(id: ParameterId, gradient: Tensor): void {
    this.parts.gradients.give(id, gradient);
  }

  giveProduct(id: ParameterId, product: Product): void {
    this.parts.gradients.giveProduct(id, product);
  }

  giveRows(id: ParameterId, rows: Rows): void {
    this.parts.gradients.giveRows(id, rows);
  }

  wants(input: number): boolean {
    const v = this.node.inputs[input];
    return v !== undefined && this.parts.plan.wanted[v] === true;
  }

  note(text: string): void {
    this.notes.add(text);
  }

  seed(way: 'forward' | 'back' = 'forward'): void {
    this.kernels.seed(this.parts.seed, streamOf(this.index, way));
  }
}
