import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/core/inspect.js';
import { hoverText } from '../../src/host/hoverText.js';
import { findAt } from '../../src/protocol/atOffset.js';
import { inspectionToJson } from '../../src/protocol/json.js';
import { formatNumber } from '../../src/protocol/numbers.js';
import { summaryLine } from '../../src/protocol/verdict.js';
import { curvesOf, type Quantity } from '../../webview/chart/curves.js';
import { rowsOf } from '../../webview/rows.js';
import { columns, linesOf } from '../../webview/table/columns.js';

const file = '/w/net.py';
const text = `from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 128)
        self.fc2 = nn.Linear(128, 128)
        self.fc3 = nn.Linear(128, 32)

    def forward(self, x):
        return self.fc3(self.fc2(self.fc1(x).tanh()).relu())


model = Net()
`;
const inspection = inspect({ file, text, isAwaited: true }, { read: () => null, roots: ['/w'] });
const [report] = inspection.reports;
if (report === undefined) throw new Error('no report');
const links = { line: () => '', inspect: () => '', setSizes: () => '' };

interface Json {
  readonly layers: readonly {
    readonly name: string;
    readonly forward: { readonly variance: number };
    readonly backward: { readonly variance: number };
  }[];
}

describe('one model', () => {
  const json = (inspectionToJson(inspection, 'net.py') as unknown as Json).layers;
  const rows = rowsOf(report, false);
  const lines = linesOf(rows, report, undefined, undefined);
  const drawn = (quantity: Quantity, x: number) =>
    curvesOf(rows, { moments: report }, undefined)
      .filter((curve) => curve.quantity === quantity)
      .flatMap(({ points }) => points.filter((point) => point.x === x))
      .map(({ y }) => y);
  const cell = (id: string, i: number) => columns.find((column) => column.id === id)?.text(lines[i]!);

  it.each(['fc1', 'fc2', 'fc3'])('has the same numbers of %s in hover, chart, table and command line', (name) => {
    const layer = json.find((one) => one.name === name);
    if (layer === undefined) throw new Error(`no ${name}`);
    const [forward, backward] = [layer.forward.variance, layer.backward.variance];
    const place = rows.findIndex((row) => row.layer.name === name);
    expect(drawn('signal', place)).toEqual([forward]);
    expect(drawn('gradient', place)).toEqual([backward]);
    expect(cell('forward', place)).toBe(formatNumber(forward));
    expect(cell('gradient', place)).toBe(formatNumber(backward));
    const hit = findAt(inspection, file, text.indexOf(`self.${name} = nn.Linear`) + `self.${name} = nn.L`.length);
    const hover = hit === undefined ? '' : hoverText(hit, links);
    expect(hover).toMatch(new RegExp(`(→|variance out) ${formatNumber(forward)} · gradient variance`));
    expect(hover).toContain(`gradient variance ${formatNumber(backward)}`);
  });

  it('is summed up by the lens with the same numbers', () => {
    const norms = ['fc1', 'fc3'].map((name) => {
      const layer = json.find((one) => one.name === name);
      return (layer?.backward.variance ?? NaN) * (name === 'fc1' ? 128 : 32);
    });
    const signal = json.at(-1)?.forward.variance ?? NaN;
    const gradient = norms[0]! / norms[1]!;
    const two = (x: number): string => formatNumber(x, { digits: 2 });
    expect(summaryLine(report)).toBe(`3 layers · signal ×${two(signal)} · gradient ×${two(gradient)}`);
  });
});
