import type { Distribution, GraphNode, Model, Parameter } from '../../model/index.js';
import { feederOf, type Feeder } from './feeder.js';
import { layerOfNode, nextSteps, reachesOutput, Wiring } from './graph-walk.js';
import { operandFan } from './operands.js';
import { parallelBranches } from './parallel.js';
import { lastWeight, residualSums, streamHasNorm, streamsOf, type ResidualSum } from './residual.js';
import { trueFan, type TrueFan } from './sizes.js';

/** What all layers of one model share. */
interface Setting {
  readonly model: Model;
  readonly wiring: Wiring;
  readonly sums: readonly ResidualSum[];
  /** By the node of its last layer: each residual branch. */
  readonly branchEnds: ReadonlyMap<number, BranchEnd>;
  readonly normedStream: boolean;
  /** By node: how many learned branches, none of them a shortcut, are summed with this one, itself included. */
  readonly parallel: ReadonlyMap<number, number>;
}

/** Where a residual branch ends. */
export interface BranchEnd {
  /** A norm follows within the branch. */
  readonly normAfter: boolean;
  /** How many branches join the same stream. */
  readonly branches: number;
  /** The sum is normalized before anything else uses it (post-norm): branches do not add up. */
  readonly sumNormed: boolean;
}

/** A model and every use of a weight in it: found once, for what is recommended and for what is found wrong. */
export interface Survey extends Setting {
  /** In execution order. */
  readonly places: readonly Place[];
  /** Index into `model.layers` of the innermost layer that a node belongs to. */
  readonly owner: readonly (number | undefined)[];
}

/** Steps after `isLate` says so are left out: what depends on what takes long to find in a large graph. */
export function survey(model: Model, isLate: () => boolean = () => false): Survey {
  const setting = settingOf(model);
  const places = model.graph.nodes.flatMap((_, i) => (isLate() ? [] : (placeOf(setting, i) ?? [])));
  return { ...setting, places, owner: layerOfNode(model) };
}

function settingOf(model: Model): Setting {
  const wiring = new Wiring(model.graph);
  const sums = residualSums(wiring);
  const streams = streamsOf(wiring, sums);
  const branchEnds = new Map<number, BranchEnd>();
  sums.forEach((s, i) => {
    const end = lastWeight(wiring, s.branch);
    if (end !== undefined)
      branchEnds.set(end.node, {
        normAfter: end.normAfter,
        branches: streams[i]!.branches,
        sumNormed: streams[i]!.postNorm,
      });
  });
  const parallel = parallelBranches(wiring, new Set(sums.map((s) => s.node)));
  return { model, wiring, sums, branchEnds, normedStream: streamHasNorm(wiring, sums), parallel };
}

/** One use of a weight in forward: what feeds it, what follows it, and where it stands. */
export interface Place {
  /** Index of the node. */
  readonly index: number;
  readonly node: GraphNode;
  readonly fan: TrueFan;
  readonly parameter: Parameter | undefined;
  readonly distribution: Distribution | undefined;
  readonly feeder: Feeder;
  /** Whatever uses the output is a normalization. */
  readonly normNext: boolean;
  /** Set for the last layer of a residual branch. */
  readonly branchEnd: BranchEnd | undefined;
  /** Nothing stands between it and the model's output that changes the signal's scale. */
  readonly head: boolean;
}

/** A factor, which a norm takes off as well. */
function isScaling({ operation: op }: GraphNode): boolean {
  return op.kind === 'affine' && op.offset === 0 && op.factor !== 0;
}

/** The place of a node with a weight of its own; undefined for all others. */
function placeOf(s: Setting, index: number): Place | undefined {
  const node = s.model.graph.nodes[index];
  const fan = node && (trueFan(s.model, node) ?? operandFan(s.model, s.wiring, node));
  if (node === undefined || fan === undefined) return undefined;
  const out = node.outputs[0]!;
  // A norm takes off a factor, and what all terms of a sum have in common.
  const isPassed = (n: GraphNode): boolean => isScaling(n) || (s.parallel.has(index) && n.operation.kind === 'add');
  const after = nextSteps(s.wiring, out).flatMap((n) => (isPassed(n) ? nextSteps(s.wiring, n.outputs[0]!) : [n]));
  const parameter = s.model.parameters[fan.weight];
  return {
    index,
    node,
    fan,
    parameter,
    distribution: parameter?.distribution,
    feeder: feederOf(s.wiring, node.inputs[fan.data ?? 0]!),
    normNext: after.length > 0 && after.every((n) => s.wiring.isNorm(n)),
    branchEnd: s.branchEnds.get(index),
    head: reachesOutput(s.wiring, out),
  };
}

/** A norm follows directly, or before the branch ends, and takes the scale off. */
export function isAbsorbed(place: Place): boolean {
  return place.normNext || place.branchEnd?.normAfter === true;
}
