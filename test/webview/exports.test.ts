import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/core/inspect.js';
import { hoverText, type Links } from '../../src/host/hoverText.js';
import { findAt } from '../../src/protocol/atOffset.js';
import { inspectionToJson } from '../../src/protocol/json.js';
import { formatNumber } from '../../src/protocol/numbers.js';
import { summaryLine } from '../../src/protocol/verdict.js';
import { curvesOf } from '../../webview/chart/curves.js';
import { pytorchCheck } from '../../webview/exports/pytorchCheck.js';
import { SvgContext } from '../../webview/exports/svgContext.js';
import { csvOf, jsonOf, markdownOf } from '../../webview/exports/tables.js';
import { rowsOf } from '../../webview/rows.js';
import { arranged, tabSeparated } from '../../webview/table/arrange.js';
import { columns, linesOf } from '../../webview/table/columns.js';

const text = `from torch import nn
model = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32), nn.Tanh(), nn.Linear(32, 10))
`;
const inspection = inspect({ file: '/w/net.py', text, isAwaited: true }, { read: () => null, roots: ['/w'] });
const [report] = inspection.reports;
if (report === undefined) throw new Error('no report');
const rows = rowsOf(report, false);
const lines = linesOf(rows, report, undefined, 'recommended');

interface Json {
  readonly layers: readonly {
    readonly name: string;
    readonly outputShape: readonly number[];
    readonly forward: { readonly variance: number };
    readonly backward: { readonly variance: number };
  }[];
}

const links: Links = { line: ({ line }) => `line ${line}`, inspect: () => 'Inspect', setSizes: () => 'set sizes' };

const hovers = report.layers.map(({ declaredAt }) => {
  const hit = findAt(inspection, '/w/net.py', declaredAt?.start ?? -1);
  return hit === undefined ? '' : hoverText(hit, links);
});

describe('what is taken away', () => {
  it('has the same numbers in chart, table, CSV, Markdown and the JSON of the command line', () => {
    const json = inspectionToJson(inspection, 'net.py') as unknown as Json;
    const saved = JSON.parse(jsonOf(report, 'net.py', {})) as Json;
    expect(saved.layers).toEqual(JSON.parse(JSON.stringify(json.layers)));
    const curves = curvesOf(rows, { moments: report }, undefined);
    const csv = csvOf(lines).split('\r\n');
    const at = csv[0]?.split(',').indexOf('forward_variance') ?? -1;
    const markdown = markdownOf(lines, report);
    const forward = columns.find(({ id }) => id === 'forward');
    json.layers.forEach(({ name, forward: { variance } }, i) => {
      expect(csv[i + 1]?.split(',')[1]).toBe(name);
      // The distribution's own commas are quoted: U(±a) has none.
      expect(Number(csv[i + 1]?.split(',')[at])).toBe(variance);
      const drawn = curves.flatMap(({ quantity, points }) =>
        quantity === 'signal' || quantity === 'activation' ? points.filter(({ x }) => x === i) : [],
      );
      expect(drawn.map(({ y }) => y)).toEqual([variance]);
      expect(forward?.text(lines[i]!)).toBe(formatNumber(variance));
      expect(markdown).toContain(formatNumber(variance));
    });
  });

  it('has the same numbers in the hover and above the class', () => {
    const { layers } = inspectionToJson(inspection, 'net.py') as unknown as Json;
    layers.forEach(({ forward, backward }, i) => {
      const before = formatNumber(layers[i - 1]?.forward.variance ?? 1);
      const after = formatNumber(forward.variance);
      const change = before === after ? after : `${before} → ${after}`;
      expect(hovers[i]).toContain(`variance ${change} · gradient variance ${formatNumber(backward.variance)}`);
    });
    for (const { std } of report.parameters.map(({ distribution }) => distribution))
      expect(hovers.join()).toContain(formatNumber(std ?? NaN));
    // Against the input's variance, 1; of gradients the sum of squares, which narrow layers have less of.
    const last = layers.at(-1)?.forward.variance ?? NaN;
    const [early = NaN, late = NaN] = [layers[0], layers.at(-1)].map(
      (layer) => layer && layer.backward.variance * layer.outputShape.reduce((a, b) => a * b),
    );
    const times = (ratio: number): string => `×${formatNumber(ratio, { digits: 2 })}`;
    expect(summaryLine(report)).toBe(`3 layers · signal ${times(last)} · gradient ${times(early / late)}`);
  });

  it('is no formula to a spreadsheet', () => {
    const odd = lines.map((line) => ({ ...line, row: { ...line.row, id: '=cmd|x,"y"' } }));
    expect(csvOf(odd).split('\r\n')[1]).toMatch(/^1,"'=cmd\|x,""y""",Linear/);
  });

  it('sorts by size with unknown last, and filters by all words', () => {
    const sorted = arranged(lines, { sort: { column: 'fans', descending: true } });
    expect(sorted.map(({ row }) => row.id)).toEqual(['2', '0', '4', '1', '3']);
    expect(arranged(lines, { filter: 'linear 128' }).map(({ row }) => row.id)).toEqual(['0', '2']);
    expect(tabSeparated(lines).split('\n')).toHaveLength(6);
  });

  it('is a script that names every module with its numbers', () => {
    const script = pytorchCheck(report, '/w/net.py');
    for (const name of ['0', '1', '2', '3', '4']) expect(script).toMatch(new RegExp(`"${name}": \\(\\d`));
    expect(script).toContain('torch.randn(BATCH, 64)');
  });

  it('is an SVG of what was drawn', () => {
    const context = new SvgContext(100, 50, {
      width: (t) => t.length * 6,
      color: (css) => css.replace('blue', '#00f'),
    });
    context.save();
    context.translate(10, 0);
    context.strokeStyle = 'rgb(1, 2, 3)';
    context.beginPath();
    context.moveTo(0, 0);
    context.lineTo(5, 5);
    context.stroke();
    context.restore();
    context.fillStyle = 'blue';
    context.fillText('a < b', 1, 2);
    const svg = context.toSvg('title', '#fff');
    expect(svg).toContain('<path d="M10 0L15 5" fill="none" stroke="rgb(1, 2, 3)"');
    expect(svg).toContain('fill="#00f">a &lt; b</text>');
    expect(svg).toContain('matrix(1 0 0 1 0 0)');
  });
});
