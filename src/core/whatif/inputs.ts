import type { Graph, InputStatistics, Model, Operation } from '../model/index.js';
import { withOperations } from './nodes.js';

/** The range of each input in order; undefined for floats. */
function rangesOf(graph: Graph): (number | undefined)[] {
  return graph.inputs.map((v) => {
    const op = graph.nodes.find((n) => n.outputs.includes(v))?.operation;
    return op?.kind === 'input' ? op.range : undefined;
  });
}

/** Statistics of inputs that are `scale` times as large; why not, where all are tokens. */
export function scaledInputs(
  graph: Graph,
  inputs: readonly (InputStatistics | undefined)[],
  scale: number,
): readonly (InputStatistics | undefined)[] | { readonly refused: string } {
  const ranges = rangesOf(graph);
  if (!ranges.some((r) => r === undefined)) return { refused: 'its inputs are tokens, which have no scale' };
  return ranges.map((range, i) => {
    const given = inputs[i] ?? { mean: 0, variance: 1 };
    if (range !== undefined || 'tokens' in given) return inputs[i];
    return 'oneHot' in given
      ? { oneHot: true, value: scale * (given.value ?? 1) }
      : { mean: scale * given.mean, variance: scale * scale * given.variance };
  });
}

/** The model whose tokens come from a smaller range, as `inputs` says. */
export function withTokens(model: Model, inputs: readonly (InputStatistics | undefined)[]): Model {
  const replaced = new Map<number, Operation>();
  model.graph.nodes.forEach(({ operation: op, outputs }, i) => {
    const given = op.kind === 'input' ? inputs[model.graph.inputs.indexOf(outputs[0] ?? -1)] : undefined;
    if (op.kind !== 'input' || op.range === undefined || given === undefined || !('tokens' in given)) return;
    replaced.set(i, { ...op, range: Math.max(1, Math.min(op.range, given.tokens)) });
  });
  return withOperations(model, replaced, () => 'input');
}
