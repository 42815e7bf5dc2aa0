import { isKnown, type Graph, type KnownDistribution, type ParameterId } from '../../../model/index.js';
import type { Kernels } from '../../kernels/types.js';
import { linearMap, type ChosenMap } from '../../sampler/index.js';
import { numbersOf, sizeOf } from '../tensor/tensor.js';
import { drawParameter } from './blocks.js';
import type { DrawnParameter } from './weights.js';

/** A weight that only linear layers use, so that it need not be there itself. */
export interface MappedWeight {
  readonly inputs: number;
  readonly outputs: number;
  /** Rows of all uses together. */
  readonly columns: number;
  readonly uses: number;
  readonly distribution: KnownDistribution;
}

/** Laws whose matrices look the same transposed, and that can be sampled. */
const SAMPLED = ['normal', 'uniform', 'truncatedNormal', 'orthogonal'];

/** Weights that could be seen through a map: those that linear layers use, and nothing else. */
export function mappableWeights(
  graph: Graph,
  parameters: readonly DrawnParameter[],
  namedBy: (node: Graph['nodes'][number]) => readonly ParameterId[],
): Map<ParameterId, MappedWeight> {
  const found = new Map<ParameterId, MappedWeight>();
  // A matrix that stands in several layers is drawn once, and held.
  const excluded = new Set(
    parameters.flatMap(({ sameAs }, id) => (sameAs === undefined ? [] : [id, sameAs.parameter])),
  );
  for (const node of graph.nodes) {
    const op = node.operation;
    for (const id of namedBy(node)) {
      const d = parameters[id]?.distribution;
      const shape = numbersOf(parameters[id]?.shape ?? []);
      const x = node.inputs[0] === undefined ? undefined : numbersOf(graph.values[node.inputs[0]]?.shape ?? []);
      if (op.kind !== 'linear' || op.weight !== id || d === undefined || !isKnown(d) || !SAMPLED.includes(d.kind)) {
        excluded.add(id);
        continue;
      }
      if (shape?.length !== 2 || x === undefined) continue;
      const [outputs, inputs] = op.transposed === true ? [shape[1]!, shape[0]!] : [shape[0]!, shape[1]!];
      const before = found.get(id);
      const rows = sizeOf(x) / inputs;
      if (before !== undefined && before.inputs !== inputs) excluded.add(id);
      found.set(id, {
        inputs,
        outputs,
        columns: (before?.columns ?? 0) + rows,
        uses: (before?.uses ?? 0) + 1,
        distribution: d,
      });
    }
  }
  for (const id of excluded) found.delete(id);
  return found;
}

/** The maps of one seed, made at their first use. */
export class Maps {
  private readonly made = new Map<ParameterId, ChosenMap>();

  constructor(
    private readonly weights: ReadonlyMap<ParameterId, MappedWeight>,
    private readonly kernels: Kernels,
    private readonly seed: number,
    private readonly denseBytes: number,
  ) {}

  take(id: ParameterId): ChosenMap | undefined {
    const weight = this.weights.get(id);
    if (weight === undefined) return undefined;
    let map = this.made.get(id);
    if (map === undefined) {
      const { inputs, outputs, columns, uses, distribution } = weight;
      map = linearMap(this.kernels, {
        inputs,
        outputs,
        columns: columns / uses,
        uses,
        reused: uses > 1,
        // What a single use saw is held for the way back like any other input.
        keepsInputs: uses === 1,
        distribution,
        denseBytes: this.denseBytes,
        fill: (w) => {
          drawParameter(this.kernels, { seed: this.seed, id, distribution }, { shape: [outputs, inputs], data: w });
        },
      });
      this.made.set(id, map);
    }
    return map;
  }

  /** Σ (∂L/∂w)² over all uses; the map is given up. */
  finish(id: ParameterId): number | undefined {
    const chosen = this.made.get(id);
    if (chosen === undefined) return undefined;
    const { map } = chosen;
    const squares = map.weightGradientMeanSquare() * map.inputs * map.outputs;
    map.dispose();
    this.made.delete(id);
    return squares;
  }

  dispose(): void {
    for (const { map } of this.made.values()) map.dispose();
    this.made.clear();
  }
}
