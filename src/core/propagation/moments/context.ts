import type { Graph, GraphNode, ParameterId, Shape } from '../../model/index.js';
import type { ParameterInfo, RuleContext } from './types.js';

/** What all nodes of one pass see. */
export interface Surroundings {
  readonly graph: Graph;
  readonly parameters: readonly (ParameterInfo | undefined)[];
  readonly training: boolean;
  readonly batch: number;
}

const NOTHING: readonly never[] = [];

/** What a rule sees of its node; keeps what the rule said and which parameters it asked for. */
export class NodeContext implements RuleContext {
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  readonly inputTypes: RuleContext['inputTypes'];
  readonly training: boolean;
  readonly batch: number;
  // Most nodes need neither: a list is made for the first entry.
  #notes: readonly string[] = NOTHING;
  #used: readonly ParameterId[] = NOTHING;

  constructor(
    readonly node: GraphNode,
    private readonly around: Surroundings,
    /** The same node's in another pass over the graph. */
    like?: NodeContext,
  ) {
    const { values } = around.graph;
    this.inputShapes = like?.inputShapes ?? node.inputs.map((v) => values[v]?.shape ?? NOTHING);
    this.outputShapes = like?.outputShapes ?? node.outputs.map((v) => values[v]?.shape ?? NOTHING);
    this.inputTypes = like?.inputTypes ?? node.inputs.map((v) => values[v]?.dtype ?? 'float');
    this.training = around.training;
    this.batch = around.batch;
  }

  /** What is approximate. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /** True when nothing that the node asked for is another in `other`. */
  hasSameParameters(other: readonly (ParameterInfo | undefined)[]): boolean {
    return this.#used.every((id) => this.around.parameters[id] === other[id]);
  }

  /** Takes over what was said and asked for when the node was computed with the same parameters. */
  takeFrom(other: NodeContext): void {
    this.#notes = other.#notes;
    this.#used = other.#used;
  }

  parameter(id: ParameterId): ParameterInfo | undefined {
    if (!this.#used.includes(id)) this.#used = [...this.#used, id];
    return this.around.parameters[id];
  }

  note(text: string): void {
    if (!this.#notes.includes(text)) this.#notes = [...this.#notes, text];
  }
}
