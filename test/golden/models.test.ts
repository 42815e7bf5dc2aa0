import { describe, expect, it } from 'vitest';
import type { FailedEntry, Inspection } from '../../src/core/inspect.js';
import type { LayerReport, ParameterReport, Report, SourceRange, UnknownNote } from '../../src/core/model/index.js';
import { formatNumber, formatShape } from '../../src/protocol/numbers.js';
import { expectGolden, goldenFile, inspectSource, sourcesIn } from './golden.js';

/**
 * What is read of each file in models/: entries, parameters (name, shape, fans, distribution, who set it), layers, and
 * what stayed unknown. It stands in the `.txt` beside the file; the names of the files say what they are about.
 */
describe.each(sourcesIn('models'))('reading $name', (source) => {
  const inspection = inspectSource(source);

  it('gives what the golden file says', () => {
    expectGolden(goldenFile(source, '.txt'), inspectionText(inspection));
  });

  it('needs no other file', () => {
    expect(inspection.needs).toEqual([]);
    expect(inspection.cancelled).toBe(false);
  });
});

function inspectionText(inspection: Inspection): string {
  return [
    ...inspection.reports.map(reportText),
    ...inspection.failed.map(failedText),
    ...notesText(inspection.unknown),
    ...inspection.syntaxProblems.map(({ message, range }) => `syntax: ${message}${at(range)}\n`),
  ].join('\n');
}

function reportText(report: Report): string {
  const input = report.input.map((shape) => formatShape(shape)).join('; ');
  return [
    `${report.entry}${place(report)}: ${report.className}, input ${input === '' ? 'not known' : `${input} (${report.inputFrom})`}`,
    ...table(report.parameters.map(parameterRow)),
    '  --',
    ...table(report.layers.map(layerRow)),
    ...notesText(report.unknown).map((note) => `  ${note.trimEnd()}`),
    '',
  ].join('\n');
}

/** Calls in the file itself are what anybody expects. */
function place({ entryAt, file }: Report): string {
  return entryAt === undefined || entryAt.file === file ? '' : ` (${entryAt.file}:${entryAt.line})`;
}

function parameterRow(p: ParameterReport): string[] {
  const { distribution: d } = p;
  const fans = p.fanIn === undefined ? '' : `${p.fanIn}→${p.fanOut ?? '?'}`;
  const moments =
    d.mean === undefined ? '' : `${formatNumber(d.mean, { plain: true })} ± ${formatNumber(d.std, { plain: true })}`;
  const setBy = p.setBy.range === undefined ? p.setBy.what : `${p.setBy.what}${at(p.setBy.range)}`;
  const names = [p.unregistered === true ? `(${p.name})` : p.name, ...p.aliases].join(' = ');
  return [names, formatShape(p.shape), fans, d.kind, moments, setBy];
}

function layerRow(layer: LayerReport): string[] {
  return [layer.name, layer.type, formatShape(layer.outputShape), layer.unknown === undefined ? '' : 'unknown'];
}

function failedText({ entry, reason, range, definedAt }: FailedEntry): string {
  return `not built: ${entry}: ${reason}${at(range ?? definedAt)}\n`;
}

function notesText(notes: readonly UnknownNote[]): string[] {
  return notes.map(({ reason, range }) => `unknown: ${reason}${at(range)}\n`);
}

function at(range: SourceRange | undefined): string {
  if (range === undefined) return '';
  return range.cell === undefined ? ` :${range.line}` : ` cell ${range.cell}:${range.line}`;
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
