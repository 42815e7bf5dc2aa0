import type { Signals } from '../advice/findings/signals.js';
import type { Engine, Model, ValueId } from '../model/index.js';
import type { SeedStatistics } from './batch/index.js';

/**
 * What an engine draws: `auto` a part of the batch where all of it takes too long. Draws of a part take a share of time
 * and memory, and show of widths, weights and nonlinearities all that draws of the whole batch show.
 */
export function drawnOf(model: Model, engine: Engine | undefined): Model {
  return engine === 'auto' ? (model.part?.model ?? model) : model;
}

/** True when nodes and values correspond one to one, so that what one shows holds for the other. */
export function isPartOf(part: Model, whole: Model): boolean {
  const [a, b] = [part.graph, whole.graph];
  return (
    a.nodes.length === b.nodes.length &&
    a.values.length === b.values.length &&
    part.parameters.length === whole.parameters.length &&
    a.nodes.every((node, i) => {
      const other = b.nodes[i]!;
      return (
        node.operation.kind === other.operation.kind &&
        isSame(node.inputs, other.inputs) &&
        isSame(node.outputs, other.outputs)
      );
    })
  );
}

function isSame(a: readonly ValueId[], b: readonly ValueId[]): boolean {
  return a.length === b.length && a.every((v, i) => v === b[i]);
}

/**
 * What draws of a part would have shown of the whole batch: each variance times what theory says the other samples
 * make of it. Samples are independent of each other but where batch statistics tie them, and theory knows these.
 * `times`: as many samples.
 */
export function overWholeBatch(
  seeds: readonly SeedStatistics[],
  whole: Pick<Signals, 'forward' | 'backward'>,
  part: Pick<Signals, 'forward' | 'backward'>,
  times: number,
): SeedStatistics[] {
  const ratio = (way: 'forward' | 'backward', v: ValueId): number => {
    const [a, b] = [whole[way](v)?.variance, part[way](v)?.variance];
    return a !== undefined && b !== undefined && a > 0 && b > 0 ? a / b : 1;
  };
  return seeds.map((seed) => ({
    ...seed,
    forward: seed.forward.map(([v, f]) => [v, { ...f, variance: f.variance * ratio('forward', v) }] as const),
    backward: seed.backward.map(([v, g]) => [v, { ...g, variance: g.variance * ratio('backward', v) }] as const),
    // A weight's gradient is a sum over samples, whose parts of the loss have gradients independent of each other.
    weights: seed.weights.map((w) => ({
      ...w,
      meanSquare: w.meanSquare * times,
      ratio: w.ratio === undefined ? undefined : w.ratio * Math.sqrt(times),
    })),
  }));
}
