import type { Inspection } from '../core/inspect.js';
import type { Finding, LayerReport, Report, SourceRange } from '../core/model/index.js';
import { formatCount, formatNumber, formatShape, type NumberStyle } from '../protocol/numbers.js';
import { verdict } from '../protocol/verdict.js';
import {
  describeDistribution,
  describeRecommendation,
  describeSetBy,
  displayName,
  entryPlace,
  fileName,
  layerParameters,
  modelTitle,
  unknownReason,
} from '../protocol/words.js';

const plain: NumberStyle = { plain: true };

/** What `initscope inspect` prints for people: a verdict and an aligned table for each model. */
export function inspectionToText(inspection: Inspection, file: string, width = 0): string {
  const shown = { file, path: inspection.file };
  const problems = [
    ...inspection.syntaxProblems.map((p) => `${at(shown, p.range)}: syntax: ${p.message}`),
    ...inspection.failed.map((f) => `${at(shown, f.range ?? f.definedAt)}: ${modelTitle(f)}: ${f.reason}`),
    ...inspection.unknown.map((u) => `${at(shown, u.range)}: ${u.reason}`),
  ];
  const nothing = inspection.reports.length === 0 && problems.length === 0 ? [`${file}: no model found`] : [];
  const sections = [
    ...inspection.reports.map((report) => reportToText(report, shown, width)),
    [...problems, ...nothing].join('\n'),
  ];
  const findings = inspection.findings.map((f) => findingText(f, shown)).join('\n');
  if (findings !== '') sections.push(findings);
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The inspected file, as it was called on the command line and as ranges name it. */
export interface Shown {
  readonly file: string;
  readonly path: string;
}

/** `net.py:12`; other files in the same way, as seen from where the command was called. */
function at({ file, path }: Shown, range: SourceRange | undefined): string {
  if (range === undefined) return file;
  const folder = path.endsWith(file) ? path.slice(0, -file.length) : '';
  const name =
    range.file === path ? file : range.file.startsWith(folder) ? range.file.slice(folder.length) : range.file;
  const cell = range.cell === undefined ? '' : `:cell ${range.cell + 1}`;
  return `${name}${cell}:${range.line}`;
}

function reportToText(report: Report, shown: Shown, width: number): string {
  const count = report.parameters.reduce((sum, p) => sum + p.shape.reduce<number>((n, d) => n * Number(d), 1), 0);
  const input = report.input.map((shape) => `(${shape.join(', ')})`).join(', ');
  const size = Number.isNaN(count) ? '' : `, ${formatCount(count, plain)} parameters`;
  const { text, remedy } = verdict(report, plain);
  const place = entryPlace(report);
  const built = place === undefined ? '' : `, built ${place}`;
  const lines = [
    `${modelTitle(report)}  (${at(shown, report.definedAt)}${built}${size}, input ${input === '' ? 'unknown' : input})`,
    text,
  ];
  if (remedy !== undefined) lines.push(remedy);
  if (report.layers.length > 0) lines.push('', ...table(report, width));
  if (report.findings.length > 0)
    lines.push('', 'Findings:', ...report.findings.map((f) => `  ${findingText(f, shown)}`));
  const notes = report.unknown.map((u) => `${at(shown, u.range)}: ${u.reason}`);
  if (notes.length > 0) lines.push('', 'Not known:', ...notes.map((text) => `  ${text}`));
  return lines.join('\n').replaceAll('’', "'").replaceAll('×', 'x');
}

/** `net.py:12: warning IS101: …`, as compilers print it. */
export function findingText({ code, severity, range, message }: Finding, shown: Shown): string {
  return `${at(shown, range)}: ${severity} ${code}: ${message}`;
}

interface Column {
  readonly title: string;
  readonly right?: boolean;
  readonly cell: (layer: LayerReport) => string;
}

function table(report: Report, width: number): string[] {
  const columns: Column[] = [
    { title: 'layer', cell: displayName },
    { title: 'type', cell: (l) => l.type },
    { title: 'line', right: true, cell: (l) => lineOf(l, report) },
    { title: 'output', cell: (l) => formatShape(l.outputShape) },
    { title: 'weights', cell: (l) => weights(l, report) },
    {
      title: 'var out',
      right: true,
      cell: (l) => (l.forward === undefined ? '-' : formatNumber(l.forward.variance, plain)),
    },
    {
      title: 'var grad',
      right: true,
      cell: (l) => (l.backward === undefined ? '-' : formatNumber(l.backward.variance, plain)),
    },
    { title: 'recommended', cell: (l) => recommendation(l, report) },
  ];
  const rows = [columns.map((c) => c.title), ...report.layers.map((layer) => columns.map((c) => c.cell(layer)))];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => {
    const line = row.map((cell, i) =>
      columns[i]?.right === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
    );
    const text = line.join('  ').trimEnd();
    return width > 40 && text.length > width ? `${text.slice(0, width - 1)}…` : text;
  });
}

/** `12`, or `blocks.py:12` where that is not the model's own file. */
function lineOf({ declaredAt, calledAt }: LayerReport, { file }: Report): string {
  const range = declaredAt ?? calledAt;
  if (range === undefined) return '';
  return range.file === file ? String(range.line) : `${fileName(range.file)}:${range.line}`;
}

function weights(layer: LayerReport, report: Report): string {
  const { weight } = layerParameters(layer, report);
  if (weight === undefined) return '';
  const line = weight.setBy.range === undefined ? '' : `:${weight.setBy.range.line}`;
  return `${describeDistribution(weight.distribution, plain)} ${describeSetBy(weight, report)}${line}`;
}

function recommendation(layer: LayerReport, { file }: Report): string {
  const { recommended: r } = layer;
  if (r === undefined) return unknownReason(layer, file) ?? '';
  if (r.satisfied) return 'ok';
  return r.std === undefined
    ? describeRecommendation(r)
    : `${describeRecommendation(r)}, std ${formatNumber(r.std, plain)}`;
}
