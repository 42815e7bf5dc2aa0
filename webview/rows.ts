import type { LayerReport, Report } from '../src/protocol/model.js';
import { callNames, displayName, isActivation, isMainStep } from '../src/protocol/words.js';

/** One step of forward, or a folded module that stands for several. */
export interface Row {
  /** Index into the report's layers; of a folded module, its last layer's. */
  readonly index: number;
  readonly layer: LayerReport;
  /** Unique: the layer's name with its call's number, or the module's with a slash behind. */
  readonly id: string;
  readonly label: string;
  /** Of a folded module: its path and the layers in it. */
  readonly folded?: { readonly path: string; readonly layers: readonly number[] } | undefined;
}

export function rowsOf(report: Report, allSteps: boolean): Row[] {
  const names = callNames(report.layers);
  const rows = report.layers.map((layer, index): Row => {
    const id = names[index] ?? layer.name;
    return { index, layer, id, label: displayName({ name: id }) };
  });
  const main = rows.filter(({ layer }) => isMainStep(layer));
  return allSteps || main.length === 0 ? rows : main;
}

/** A step that is an activation by itself, whose output is the signal after it. */
export function isActivationStep({ layer }: Row): boolean {
  return layer.parameters.length === 0 && (layer.curve !== undefined || isActivation(layer.type));
}

export function parameterCount(report: Report): number | undefined {
  let count = 0;
  for (const { shape } of report.parameters) {
    const size = shape.reduce<number>((n, d) => n * (typeof d === 'number' ? d : NaN), 1);
    if (Number.isNaN(size)) return undefined;
    count += size;
  }
  return count;
}
