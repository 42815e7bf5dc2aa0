import { type Quantity, valueAt } from './chart/curves.js';
import type { Derived } from './derived.js';
import { currentReport, type PageState, simulatedOf } from './state.js';

/** What the chart shows, layer by layer, whatever is hidden too: for tests, which can't read a canvas. */
export function chartDataOf(state: PageState, derived: Derived) {
  const { kept, current } = state;
  const report = currentReport(state);
  if (report === undefined) return { labels: [], series: {} };
  const { rows } = derived.layout(report, kept);
  const { finite } = simulatedOf(report, current);
  const lines = derived.lines(rows, report, state);
  const shown = finite ?? report;
  const at = (quantity: Quantity) =>
    rows.map((row) => valueAt(quantity, row, shown.layers[row.index] ?? row.layer, shown)?.y ?? null);
  return {
    labels: rows.map(({ label }) => label),
    engine: shown.engine,
    series: {
      forward: lines.map(({ layer }) => layer.forward?.variance ?? null),
      gradient: lines.map(({ layer }) => layer.backward?.variance ?? null),
      forwardRecommended: rows.map(({ layer }) => layer.withRecommended?.forward?.variance ?? null),
      gradientRecommended: rows.map(({ layer }) => layer.withRecommended?.backward?.variance ?? null),
      forwardCompared: lines.map((line) => line.compared?.forward?.variance ?? null),
      drawnSignal: at('signal'),
      drawnGradient: at('gradient'),
      ratio: at('ratio'),
    },
    window: derived.window(rows, kept),
    folded: rows.flatMap((row) => row.folded?.path ?? []),
  };
}
