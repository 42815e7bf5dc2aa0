import type { Report } from '../../core/model/index.js';

/** Sizes of a model's layers, for experiments on them. */
export interface LayerSizes {
  /** Fan-ins of the weights in the order of execution, then the units of the last. */
  readonly sizes: readonly number[];
  /** Layers that were wider than allowed, and layers that were left out at the end. */
  readonly narrowed: number;
  readonly omitted: number;
}

/** Fan-ins and units are cut to `widest`, the chain to `deepest` layers. Undefined where fewer than two layers are known. */
export function layerSizes({ layers, parameters }: Report, widest: number, deepest: number): LayerSizes | undefined {
  const found: { fanIn: number; units: number }[] = [];
  for (const layer of layers) {
    const weight = layer.parameters.map((i) => parameters[i]).find((p) => p?.fanIn !== undefined);
    const units = weight?.shape[0];
    if (weight?.fanIn !== undefined && typeof units === 'number') found.push({ fanIn: weight.fanIn, units });
  }
  const kept = found.slice(0, deepest);
  const last = kept.at(-1);
  if (kept.length < 2 || last === undefined) return undefined;
  const all = [...kept.map(({ fanIn }) => fanIn), last.units];
  return {
    sizes: all.map((n) => Math.min(widest, Math.max(1, Math.round(n)))),
    narrowed: all.filter((n) => n > widest).length,
    omitted: found.length - kept.length,
  };
}
