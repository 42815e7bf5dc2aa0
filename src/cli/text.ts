import type { Inspection } from '../core/inspect.js';
import type { Finding, LayerReport, Report } from '../core/model/index.js';
import { formatCount, formatNumber, formatShape, type NumberStyle } from '../protocol/numbers.js';
import { verdict } from '../protocol/verdict.js';
import {
  describeDistribution,
  describeRecommendation,
  describeSetBy,
  displayName,
  entryPlace,
  layerParameters,
  modelTitle,
  unknownReason,
} from '../protocol/words.js';

const plain: NumberStyle = { plain: true };

/** What `initscope inspect` prints for people: a verdict and an aligned table for each model. */
export function inspectionToText(inspection: Inspection, file: string, width = 0): string {
  const problems = [
    ...inspection.syntaxProblems.map((p) => `${file}:${p.range.line}: syntax: ${p.message}`),
    ...inspection.failed.map((f) => `${at(file, f.range ?? f.definedAt)}: ${modelTitle(f)}: ${f.reason}`),
    ...inspection.unknown.map((u) => `${at(file, u.range)}: ${u.reason}`),
  ];
  const nothing = inspection.reports.length === 0 && problems.length === 0 ? [`${file}: no model found`] : [];
  const sections = [
    ...inspection.reports.map((report) => reportToText(report, file, width)),
    [...problems, ...nothing].join('\n'),
  ];
  const findings = inspection.findings.map((f) => findingText(f, file)).join('\n');
  if (findings !== '') sections.push(findings);
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function at(file: string, range: { readonly line: number } | undefined): string {
  return range === undefined ? file : `${file}:${range.line}`;
}

function reportToText(report: Report, file: string, width: number): string {
  const count = report.parameters.reduce((sum, p) => sum + p.shape.reduce<number>((n, d) => n * Number(d), 1), 0);
  const input = report.input.map((shape) => `(${shape.join(', ')})`).join(', ');
  const size = Number.isNaN(count) ? '' : `, ${formatCount(count, plain)} parameters`;
  const { text, remedy } = verdict(report, plain);
  const place = entryPlace(report);
  const built = place === undefined ? '' : `, built ${place}`;
  const lines = [
    `${modelTitle(report)}  (${at(file, report.definedAt)}${built}${size}, input ${input === '' ? 'unknown' : input})`,
    text,
  ];
  if (remedy !== undefined) lines.push(remedy);
  if (report.layers.length > 0) lines.push('', ...table(report, width));
  if (report.findings.length > 0)
    lines.push('', 'Findings:', ...report.findings.map((f) => `  ${findingText(f, file)}`));
  const notes = report.unknown.map((u) => `${at(file, u.range)}: ${u.reason}`);
  if (notes.length > 0) lines.push('', 'Not known:', ...notes.map((text) => `  ${text}`));
  return lines.join('\n').replaceAll('’', "'").replaceAll('×', 'x');
}

/** `net.py:12: warning IS101: …`, as compilers print it. */
export function findingText({ code, severity, range, message }: Finding, file: string): string {
  const cell = range?.cell === undefined ? '' : `:cell ${range.cell + 1}`;
  return `${at(`${range?.file === undefined || range.file.endsWith(file) ? file : range.file}${cell}`, range)}: ${severity} ${code}: ${message}`;
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
    { title: 'line', right: true, cell: (l) => String((l.declaredAt ?? l.calledAt)?.line ?? '') },
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
    { title: 'recommended', cell: recommendation },
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

function weights(layer: LayerReport, report: Report): string {
  const { weight } = layerParameters(layer, report);
  if (weight === undefined) return '';
  const line = weight.setBy.range === undefined ? '' : `:${weight.setBy.range.line}`;
  return `${describeDistribution(weight.distribution, plain)} ${describeSetBy(weight, report)}${line}`;
}

function recommendation(layer: LayerReport): string {
  const { recommended: r } = layer;
  if (r === undefined) return unknownReason(layer) ?? '';
  if (r.satisfied) return 'ok';
  return r.std === undefined
    ? describeRecommendation(r)
    : `${describeRecommendation(r)}, std ${formatNumber(r.std, plain)}`;
}
