import { describe, expect, it } from 'vitest';
import { mlpInspection } from '../fixtures/mlp.js';
import { decadeLabel, decadesOf } from '../../webview/logAxis.js';
import { parameterCount, rowsOf, seriesOf } from '../../webview/series.js';

const [report] = mlpInspection().reports;
if (report === undefined) throw new Error('no report');

describe('series', () => {
  it('has a value a layer, and a gap for what a logarithmic axis cannot show', () => {
    const rows = rowsOf(report, false);
    expect(rows).toHaveLength(40);
    const series = seriesOf(rows);
    expect(series.forward[0]).toBeCloseTo(0.3337, 3);
    expect(series.gradient[38]).toBe(0.5);
    const dead = rows.map((row) => ({ ...row, layer: { ...row.layer, forward: { mean: 0, variance: 0 } } }));
    expect(seriesOf(dead).forward.every((x) => x === null)).toBe(true);
  });

  it('leaves out steps without weights that are no activation, unless asked', () => {
    const layers = report.layers.map((layer, i) => (i === 1 ? { ...layer, type: 'Dropout' } : layer));
    expect(rowsOf({ ...report, layers }, false)).toHaveLength(39);
    expect(rowsOf({ ...report, layers }, true)).toHaveLength(40);
  });

  it('counts parameters as long as all sizes are known', () => {
    expect(parameterCount(report)).toBe(20 * 1_001_000);
    const [first, ...rest] = report.parameters;
    expect(
      first && parameterCount({ ...report, parameters: [{ ...first, shape: ['hidden', 3] }, ...rest] }),
    ).toBeUndefined();
  });
});

describe('logarithmic axis', () => {
  it('covers the values in whole decades, and always 0.1 to 10', () => {
    expect(decadesOf([])).toEqual({ min: 0.1, max: 10, marks: [-1, 0, 1] });
    const { min, marks } = decadesOf([3e-16, null, 2]);
    expect(min).toBe(1e-16);
    expect(marks.length).toBeLessThanOrEqual(9);
    expect(marks).toContain(0);
  });

  it('labels with superscripts', () => {
    expect([0.1, 1, 10, 1e-15].map(decadeLabel)).toEqual(['0.1', '1', '10', '10⁻¹⁵']);
  });
});
