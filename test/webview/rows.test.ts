import { describe, expect, it } from 'vitest';
import { curvesOf } from '../../webview/chart/curves.js';
import { decadeLabel, decadesOf } from '../../webview/chart/logAxis.js';
import { parameterCount, rowsOf } from '../../webview/rows.js';
import { mlpInspection } from '../fixtures/mlp.js';

const [report] = mlpInspection().reports;
if (report === undefined) throw new Error('no report');

describe('rows', () => {
  it('has a row a layer; signal before and after activations and gradients are lines of their own', () => {
    const rows = rowsOf(report, false);
    expect(rows).toHaveLength(40);
    const lines = curvesOf(rows, { moments: report }, { kind: 'recommended' });
    const line = (quantity: string, role = 'current') =>
      lines.find((l) => l.quantity === quantity && l.role === role && !l.isBranch)?.points ?? [];
    expect(line('signal')).toHaveLength(20);
    expect(line('signal')[0]?.y).toBeCloseTo(0.3337, 3);
    expect(line('activation').map(({ x }) => x)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i + 1));
    expect(line('gradient').at(-1)).toEqual({ x: 38, y: 0.5 });
    expect(line('signal', 'compared')[0]?.y).toBe(2);
  });

  it('has a folded module where its last layers are, with the range of all', () => {
    const all = rowsOf(report, false);
    const last = all.at(-1);
    if (last === undefined) throw new Error('no row');
    const row = { ...last, id: 'net/', label: 'net', folded: { path: 'net', layers: all.map(({ index }) => index) } };
    const lines = curvesOf([row], { moments: report }, undefined);
    const signal = lines.find(({ quantity }) => quantity === 'signal');
    expect(signal?.points).toEqual([{ x: 0, y: report.layers[38]?.forward?.variance }]);
    expect(signal?.spread[0]?.high).toBeCloseTo(0.3337, 3);
    expect(lines.map(({ quantity }) => quantity)).toEqual(['signal', 'activation', 'gradient']);
  });

  it('has a gap for what a logarithmic axis cannot show', () => {
    const layers = report.layers.map((layer) => ({ ...layer, forward: { mean: 0, variance: 0 } }));
    const dead = { ...report, layers };
    const lines = curvesOf(rowsOf(dead, false), { moments: dead }, undefined);
    expect(lines.some(({ quantity }) => quantity === 'signal')).toBe(false);
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
