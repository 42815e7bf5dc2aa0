import type { Band, LayerReport, Report } from '../../src/protocol/model.js';
import { layerParameters } from '../../src/protocol/words.js';
import { isActivationStep, type Row, rowsOf } from '../rows.js';

export const quantities = ['signal', 'activation', 'gradient', 'ratio'] as const;
export type Quantity = (typeof quantities)[number];

/** Whose numbers: the source's own model, the one it is compared with, or what moments say where draws are shown. */
export type Role = 'current' | 'compared' | 'moments';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line of the chart. Lines of residual branches are kept apart from the stream that they leave and join. */
export interface Curve {
  readonly quantity: Quantity;
  readonly role: Role;
  readonly isBranch: boolean;
  /** NaN breaks the line. */
  readonly points: readonly Point[];
  /** 10 % to 90 % over seeds; of a folded module, from its smallest to its largest layer. */
  readonly spread: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

/** What is known of one model, by moments and by draws at finite width. */
export interface Simulated {
  readonly moments: Report;
  readonly finite?: Report | undefined;
}

/** The recommendations' outcome stands in the report itself; any other comparison is a simulation of its own. */
export type Comparison = { readonly kind: 'recommended' } | ({ readonly kind: 'whatIf' } & Simulated) | undefined;

export interface Value {
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** What a layer's report says of a quantity; undefined where it says nothing, or where the quantity is not the step's. */
export function valueAt(quantity: Quantity, row: Row, layer: LayerReport, report: Report): Value | undefined {
  const isActivation = isActivationStep(row);
  const { forward, finite } = layer;
  switch (quantity) {
    case 'signal':
      if (isActivation) return undefined;
      return forward?.preVariance === undefined
        ? value(forward?.variance, finite?.forwardVariance)
        : { y: forward.preVariance };
    case 'activation':
      if (!isActivation && forward?.preVariance === undefined) return undefined;
      return value(forward?.variance, finite?.forwardVariance);
    case 'gradient':
      return isActivation ? undefined : value(layer.backward?.variance, finite?.backwardVariance);
    case 'ratio': {
      const ratio = layerParameters(layer, report).weight?.gradient?.ratio;
      return value(ratio?.median, ratio);
    }
  }
}

function value(mean: number | undefined, band: Band | undefined): Value | undefined {
  if (band !== undefined) return { y: band.median, low: band.low, high: band.high };
  return mean === undefined ? undefined : { y: mean };
}

/** In the order in which they are drawn: what the model is compared with lies behind. */
export function curvesOf(rows: readonly Row[], current: Simulated, comparison: Comparison): Curve[] {
  return [...comparedCurves(rows, current.moments, comparison), ...ownCurves(rows, current)];
}

/** The model's own lines; where they are of draws, what moments say is behind them. */
export function ownCurves(rows: readonly Row[], { moments, finite }: Simulated): Curve[] {
  const own = quantities.flatMap((q) => linesOf(q, 'current', rows, finite ?? moments));
  const reference = finite === undefined ? [] : quantities.flatMap((q) => linesOf(q, 'moments', rows, moments));
  return [...reference, ...own].filter(hasPoints);
}

export function comparedCurves(rows: readonly Row[], moments: Report, comparison: Comparison): Curve[] {
  return comparedLines(rows, moments, comparison).filter(hasPoints);
}

function hasPoints({ points }: Curve): boolean {
  return points.length > 0;
}

function comparedLines(rows: readonly Row[], moments: Report, comparison: Comparison): Curve[] {
  if (comparison === undefined) return [];
  if (comparison.kind === 'recommended') {
    const better: Report = {
      ...moments,
      layers: moments.layers.map(({ withRecommended, forward: _f, backward: _b, finite: _n, ...layer }) => ({
        ...layer,
        ...withRecommended,
      })),
    };
    return (['signal', 'activation', 'gradient'] as const).flatMap((q) => linesOf(q, 'compared', rows, better));
  }
  return quantities.flatMap((q) => linesOf(q, 'compared', rows, comparison.finite ?? comparison.moments));
}

/** The lines of one quantity: the stream's and those of branches. */
function linesOf(quantity: Quantity, role: Role, rows: readonly Row[], report: Report): Curve[] {
  const layerOf = layersFor(rows, report);
  if (role === 'compared' && !isSameModel(rows, report)) return [stretched(quantity, rows.length, report)];
  const main: Point[] = [];
  const branch: Point[] = [];
  const spread: { x: number; low: number; high: number }[] = [];
  rows.forEach((row, x) => {
    const layer = layerOf(row);
    const found =
      row.folded === undefined
        ? layer && valueAt(quantity, row, layer, report)
        : lastValue(quantity, row, layerOf, report);
    const isBranch = row.folded === undefined && row.layer.residual === 'branch';
    if (!isBranch && branch.length > 0 && !Number.isNaN(branch.at(-1)?.y)) branch.push({ x, y: NaN });
    if (found === undefined) return;
    (isBranch ? branch : main).push({ x, y: drawable(found.y) });
    const range = row.folded === undefined ? found : foldedRange(quantity, row, layerOf, report);
    if (role !== 'moments' && range?.low !== undefined && range.high !== undefined)
      spread.push({ x, low: range.low, high: range.high });
  });
  const curve = (isBranch: boolean, points: Point[]): Curve => ({
    quantity,
    role,
    isBranch,
    points: points.some(({ y }) => !Number.isNaN(y)) ? points : [],
    spread: isBranch ? [] : spread,
  });
  return [curve(false, main), curve(true, branch)];
}

/** A model of another depth, over the same width: layer by layer from its first to its last. */
function stretched(quantity: Quantity, width: number, report: Report): Curve {
  const rows = rowsOf(report, false);
  const scale = (width - 1) / Math.max(1, rows.length - 1);
  const points = rows.flatMap((row, i): Point[] => {
    const found = valueAt(quantity, row, row.layer, report);
    return found === undefined ? [] : [{ x: i * scale, y: drawable(found.y) }];
  });
  return { quantity, role: 'compared', isBranch: false, points, spread: [] };
}

function isSameModel(rows: readonly Row[], report: Report): boolean {
  return rows.every(({ index, layer }) => report.layers[index]?.name === layer.name);
}

/** A logarithmic axis has no place for zeros and infinities. */
function drawable(y: number): number {
  return Number.isFinite(y) && y > 0 ? y : NaN;
}

/** A folded module stands where its last layer that has the quantity is. */
function lastValue(
  quantity: Quantity,
  row: Row,
  layerOf: (row: Row) => LayerReport | undefined,
  report: Report,
): Value | undefined {
  for (const index of [...(row.folded?.layers ?? [])].reverse()) {
    const original = report.layers[index];
    if (original === undefined) continue;
    const inner: Row = { ...row, index, layer: original, folded: undefined };
    const layer = layerOf(inner);
    const found = layer && valueAt(quantity, inner, layer, report);
    if (found !== undefined) return found;
  }
  return undefined;
}

function foldedRange(
  quantity: Quantity,
  row: Row,
  layerOf: (row: Row) => LayerReport | undefined,
  report: Report,
): Value | undefined {
  let [low, high] = [Infinity, 0];
  for (const index of row.folded?.layers ?? []) {
    const original = report.layers[index];
    if (original === undefined) continue;
    const inner: Row = { ...row, index, layer: original, folded: undefined };
    const layer = layerOf(inner);
    const found = layer && valueAt(quantity, inner, layer, report);
    if (found === undefined || !(found.y > 0)) continue;
    low = Math.min(low, found.y);
    high = Math.max(high, found.y);
  }
  return high > 0 ? { y: high, low, high } : undefined;
}

/** The layer of another report that a row stands for: the one at the same step, or, in a model of another depth, of the same name. */
export function layersFor(rows: readonly Row[], report: Report): (row: Row) => LayerReport | undefined {
  if (isSameModel(rows, report)) return ({ index }) => report.layers[index];
  const byName = new Map(report.layers.map((layer) => [layer.name, layer]));
  return ({ layer }) => byName.get(layer.name);
}
