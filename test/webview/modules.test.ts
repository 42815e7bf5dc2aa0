import { describe, expect, it } from 'vitest';
import { crossings } from '../../webview/chart/floats.js';
import { including, panned, windowOf, zoomed, zoomOf } from '../../webview/chart/viewport.js';
import { bandsOf, foldedPaths, groupsOf, visibleRows } from '../../webview/modules.js';
import { type Row, rowsOf } from '../../webview/rows.js';
import { comparedSettings, isAsWritten, isRecommendedOnly } from '../../webview/whatIf/settings.js';
import { mlpInspection } from '../fixtures/mlp.js';

const [report] = mlpInspection().reports;
const sample = report?.layers[0];
if (report === undefined || sample === undefined) throw new Error('no report');

const rowsNamed = (names: readonly string[]): Row[] =>
  rowsOf({ ...report, layers: names.map((name) => ({ ...sample, name })) }, true);
const stages = (n: number): string[] =>
  Array.from({ length: n }, (_, stage) =>
    Array.from({ length: n }, (_, block) => ['conv1', 'conv2'].map((l) => `layer${stage}.${block}.${l}`)),
  ).flat(2);

describe('modules as bands', () => {
  it('stand in each other, stage around block', () => {
    const rows = rowsNamed(['conv1', ...stages(2), 'fc']);
    const groups = groupsOf(rows);
    expect(groups.map(({ path, label, depth, first, last }) => [path, label, depth, first, last])).toEqual([
      ['layer0', 'layer0', 0, 1, 5],
      ['layer0.0', '0', 1, 1, 3],
      ['layer0.1', '1', 1, 3, 5],
      ['layer1', 'layer1', 0, 5, 9],
      ['layer1.0', '0', 1, 5, 7],
      ['layer1.1', '1', 1, 7, 9],
    ]);
  });

  it('folded, are one step each', () => {
    const rows = rowsNamed(['conv1', ...stages(2), 'fc']);
    const groups = groupsOf(rows);
    const folded = new Set(['layer0', 'layer1.1']);
    expect(visibleRows(rows, groups, folded).map(({ id }) => id)).toEqual([
      'conv1',
      'layer0/',
      'layer1.0.conv1',
      'layer1.0.conv2',
      'layer1.1/',
      'fc',
    ]);
    expect(bandsOf(rows, groups, folded).map(({ path, first, last }) => [path, first, last])).toEqual([
      ['layer0', 1, 2],
      ['layer1', 2, 5],
      ['layer1.0', 2, 4],
      ['layer1.1', 4, 5],
    ]);
  });

  it('fold by themselves until the steps are readable, unless the user says otherwise', () => {
    const rows = rowsNamed(stages(16));
    expect(rows).toHaveLength(512);
    const groups = groupsOf(rows);
    expect(visibleRows(rows, groups, foldedPaths(rows, groups, {})).length).toBeLessThanOrEqual(90);
    const opened = foldedPaths(rows, groups, { layer3: false });
    expect(visibleRows(rows, groups, opened).map(({ id }) => id)).toContain('layer3.0/');
    expect(foldedPaths(rowsNamed(stages(2)), groupsOf(rowsNamed(stages(2))), {}).size).toBe(0);
  });
});

describe('zoom', () => {
  const rows = rowsNamed(Array.from({ length: 100 }, (_, i) => `l${i}`));

  it('is kept by names, so that it outlives edits', () => {
    const window = zoomed({ from: 0, to: 99 }, 100, 0.5, 20);
    expect(window).toEqual({ from: 10, to: 60 });
    const kept = zoomOf(rows, window);
    const edited = rowsNamed(['new', ...rows.map(({ layer }) => layer.name)]);
    expect(windowOf(edited, kept)).toEqual({ from: 11, to: 61 });
    expect(zoomOf(rows, { from: 0, to: 99 })).toBeUndefined();
  });

  it('stays within the rows', () => {
    expect(panned({ from: 10, to: 20 }, 100, -50)).toEqual({ from: 0, to: 10 });
    expect(including({ from: 10, to: 20 }, 100, 25)).toEqual({ from: 15, to: 25 });
    expect(zoomed({ from: 0, to: 99 }, 100, 4)).toEqual({ from: 0, to: 99 });
  });
});

describe('limits of number formats', () => {
  it('are passed where the typical entry leaves the range, in the direction of the pass', () => {
    const falling = Array.from({ length: 10 }, (_, x) => ({ x, y: 10 ** (-2 * x) }));
    const [forward] = crossings(falling, 'forward');
    expect(forward).toMatchObject({ format: 'float16', kind: 'underflow', x: 8 });
    const rising = falling.map(({ x, y }) => ({ x: 9 - x, y })).reverse();
    expect(crossings(rising, 'backward')[0]).toMatchObject({ format: 'float16', x: 1 });
  });
});

describe('what-if controls', () => {
  it('need no simulation for the recommendations, and none for nothing', () => {
    expect(isRecommendedOnly({})).toBe(true);
    expect(isRecommendedOnly({ width: 2 })).toBe(false);
    expect(isAsWritten({ init: 'none' })).toBe(true);
  });

  it('are settings of a simulation', () => {
    expect(
      comparedSettings({ init: 'normal', value: 0.1, width: 2, batch: 16, seed: 7, onlyLayer: 'fc' }, 'auto'),
    ).toEqual({
      engine: 'auto',
      withRecommended: false,
      firstSeed: 7,
      seeds: 5,
      batch: 16,
      whatIf: { init: [{ law: { law: 'normal', std: 0.1 }, layers: ['fc'] }], width: 2 },
    });
  });
});
