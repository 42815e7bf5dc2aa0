import type { LayerReport, Report } from '../../src/core/model/index.js';

type Variance = (layer: LayerReport) => number | undefined;

/** How far variances are from flat: 1 when they are all the same. */
interface Spread {
  /** Of layers whose scale goes through to what follows, against the middle of them all. */
  readonly layers: number;
  /** Largest over smallest along residual streams that nothing normalizes. */
  readonly stream: number;
}

/**
 * The spread of a model's variances. Aside are heads and the ends of branches, which may be smaller, and layers that read
 * data: a factor that comes in there is one for the whole model, and fixes leave it where one call sets all layers.
 */
export function spreadOf(report: Report, variance: Variance): Spread {
  const last = report.layers.filter((l) => l.recommended !== undefined).at(-1);
  // What attention gives comes from its last weight, and what it is shown with is for its first.
  const scaled = report.layers.filter(
    ({ recommended: r, type }) =>
      r?.std !== undefined && r.branches === undefined && r.fedBy?.kind !== 'data' && type !== 'MultiheadAttention',
  );
  const known = (layers: readonly LayerReport[]): number[] =>
    layers.flatMap((l) => (variance(l) === undefined ? [] : [Math.log(variance(l)!)]));
  // Pooling is not counted in the gain, by nobody's initializer.
  const isPooled = report.layers.some((l) => /pool/i.test(l.type) && l !== lastPool(report));
  const logs = isPooled ? [] : known(scaled.filter((l) => l !== last));
  const middle = logs.reduce((sum, x) => sum + x, 0) / Math.max(1, logs.length);
  const stream = known(report.layers.filter((l) => l.residual === 'stream' && isCarried(report, l)));
  return {
    layers: Math.exp(Math.max(0, ...logs.map((x) => Math.abs(x - middle)))),
    stream: stream.length === 0 ? 1 : Math.exp(Math.max(...stream) - Math.min(...stream)),
  };
}

/** Of all pixels, in front of the head. */
function lastPool({ layers }: Report): LayerReport | undefined {
  return layers.filter((l) => /pool/i.test(l.type)).at(-1);
}

/** What takes the sum is no norm: its scale goes on as it is. */
function isCarried({ layers }: Report, sum: LayerReport): boolean {
  const index = layers.indexOf(sum);
  return !layers.some(({ type, fedBy }) => fedBy?.includes(index) === true && /norm/i.test(type));
}
