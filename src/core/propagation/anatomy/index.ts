import { movesEntries, type Wiring } from '../../advice/recommendation/graph-walk.js';
import type { Survey } from '../../advice/recommendation/place.js';
import type { ActivationCurve, LayerReport, Model, Report, ValueId } from '../../model/index.js';
import { curveOf } from './curves.js';
import { residualPlaces } from './residual.js';

/** How the layers hang together: what a picture of the model needs besides numbers. */
export interface Anatomy {
  readonly curves: readonly ActivationCurve[];
  readonly inputRanges: Report['inputRanges'];
  readonly layers: readonly Pick<LayerReport, 'fedBy' | 'residual' | 'curve'>[];
}

export function anatomyOf(surveyed: Survey): Anatomy {
  const { model, wiring } = surveyed;
  const residual = residualPlaces(surveyed);
  const madeBy = new Map<ValueId, number>();
  model.layers.forEach((layer, i) => madeBy.set(layer.output, i));
  const curves = new Map<string, number>();
  const all: ActivationCurve[] = [];
  const graphOf = (last: number): number | undefined => {
    const node = model.graph.nodes[last];
    if (node?.operation.kind !== 'activation') return undefined;
    const key = JSON.stringify([node.operation.name, node.operation.constants]);
    const known = curves.get(key);
    if (known !== undefined) return known;
    const curve = curveOf(node);
    if (curve === undefined) return undefined;
    curves.set(key, all.length);
    return all.push(curve) - 1;
  };
  const layers = model.layers.map((layer, i) => {
    const fedBy = [...new Set(layer.inputs.flatMap((v) => source(wiring, madeBy, v, i) ?? []))];
    const curve = graphOf(layer.nodes[1] - 1);
    return {
      ...(fedBy.length === 0 ? {} : { fedBy }),
      ...(residual[i] === undefined ? {} : { residual: residual[i] }),
      ...(curve === undefined ? {} : { curve }),
    };
  });
  return { curves: all, inputRanges: inputRangesOf(model), layers };
}

/** The layer whose output this is, seen through steps that only move entries. */
function source(w: Wiring, madeBy: ReadonlyMap<ValueId, number>, value: ValueId, self: number): number | undefined {
  let at: ValueId | undefined = value;
  for (let i = 0; i < 16 && at !== undefined; i++) {
    const layer = madeBy.get(at);
    if (layer !== undefined && layer < self) return layer;
    const node = w.producer(at);
    if (node === undefined || !movesEntries(node.operation)) return undefined;
    at = node.inputs[0];
  }
  return undefined;
}

/** Integers that inputs are drawn below; null for floats. Absent where all are floats. */
function inputRangesOf({ graph }: Model): Report['inputRanges'] {
  const producers = new Map(graph.nodes.flatMap((n) => n.outputs.map((v) => [v, n.operation] as const)));
  const ranges = graph.inputs.map((v) => {
    const op = producers.get(v);
    if (op?.kind === 'input' && op.range !== undefined) return op.range;
    return graph.values[v]?.dtype === 'int' ? 2 : null;
  });
  return ranges.some((range) => range !== null) ? ranges : undefined;
}
