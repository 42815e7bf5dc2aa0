import type { Inspection } from '../core/inspect.js';
import type { Distribution, Finding, LayerReport, ParameterReport, Report, SourceRange } from '../core/model/index.js';
import { callNames, unknownReason } from './words.js';

/** The documented JSON of `initscope inspect --json`, schema 1. */
export function inspectionToJson(inspection: Inspection, file: string): Record<string, unknown> {
  const [first, ...more] = inspection.reports;
  const notes = fileNotes(inspection);
  if (first === undefined) {
    return {
      schema: 1,
      file,
      parameters: [],
      layers: [],
      unknown: notes,
      findings: inspection.findings.map((finding) => findingToJson(finding, inspection.file)),
    };
  }
  return {
    ...reportToJson(first, file, notes, inspection.findings),
    ...(more.length > 0 && { more: more.map((report) => reportToJson(report, file, [], [])) }),
  };
}

interface Place {
  line?: number | undefined;
  /** Where it is not the inspected one. */
  file?: string | undefined;
}

interface JsonNote extends Place {
  reason: string;
}

function fileNotes({ file, syntaxProblems, failed, unknown }: Inspection): JsonNote[] {
  return [
    ...syntaxProblems.map(({ message, range }) => note(`syntax: ${message}`, range, file)),
    ...failed.map((entry) => note(`${entry.entry}: ${entry.reason}`, entry.range ?? entry.definedAt, file)),
    ...unknown.map(({ reason, range }) => note(reason, range, file)),
  ];
}

function note(reason: string, range: SourceRange | undefined, file: string): JsonNote {
  return { ...place(range, file), reason };
}

function place(range: SourceRange | undefined, file: string): Place {
  if (range === undefined) return {};
  return range.file === file ? { line: range.line } : { line: range.line, file: range.file };
}

export function reportToJson(
  report: Report,
  file: string,
  notes: readonly JsonNote[],
  more: readonly Finding[],
): Record<string, unknown> {
  return {
    schema: 1,
    file,
    framework: report.framework,
    entry: report.entry,
    entryAt: report.entryAt && { file: report.entryAt.file, line: report.entryAt.line },
    className: report.className,
    input: report.input.length === 1 ? report.input[0] : report.input,
    inputFrom: report.inputFrom,
    engine: report.engine,
    parameters: report.parameters.filter((p) => !p.unregistered).map((p) => parameterToJson(p, report.file)),
    layers: layersToJson(report),
    meanField: report.meanField,
    whatIf: report.whatIf,
    unknown: [...notes, ...report.unknown.map(({ reason, range }) => note(reason, range, report.file))],
    findings: [...more, ...report.findings].map((finding) => findingToJson(finding, report.file)),
  };
}

function findingToJson({ code, severity, range, message, layer }: Finding, file: string): Record<string, unknown> {
  return { code, severity, ...place(range, file), message, layer };
}

function parameterToJson(p: ParameterReport, file: string): Record<string, unknown> {
  return {
    name: p.name,
    aliases: p.aliases.length > 0 ? p.aliases : undefined,
    shape: p.shape,
    fanIn: p.fanIn,
    fanOut: p.fanOut,
    distribution: distributionToJson(p.distribution),
    setBy: { what: p.setBy.what, ...place(p.setBy.range, file) },
    declaredAt: p.declaredAt?.line,
    gradient: p.gradient,
  };
}

function distributionToJson(d: Distribution): Record<string, unknown> {
  if (d.kind === 'unknown') return { kind: d.kind, reason: d.reason };
  if (d.kind === 'uninitialized') return { kind: d.kind };
  if (d.kind !== 'mixture') return { kind: d.kind, mean: d.mean, std: d.std };
  const largest = d.parts.reduce<(typeof d.parts)[number] | undefined>(
    (best, part) => (best === undefined || part.fraction > best.fraction ? part : best),
    undefined,
  );
  const kind = largest === undefined ? 'constant' : distributionToJson(largest.distribution)['kind'];
  return { kind, mean: d.mean, std: d.std };
}

function layersToJson({ layers, file }: Report): Record<string, unknown>[] {
  const names = callNames(layers);
  return layers.map((layer, i) => layerToJson(layer, names[i] ?? layer.name, file));
}

function layerToJson(layer: LayerReport, name: string, file: string): Record<string, unknown> {
  return {
    name,
    type: layer.type,
    ...place(layer.declaredAt ?? layer.calledAt, file),
    inputShape: layer.inputShape,
    outputShape: layer.outputShape,
    forward: layer.forward,
    backward: layer.backward,
    recommended: layer.recommended,
    withRecommended: layer.withRecommended,
    band: layer.band,
    correlation: layer.correlation,
    from: layer.from,
    finite: layer.finite,
    unknown: unknownReason(layer, file),
    approximations: layer.approximations,
  };
}
