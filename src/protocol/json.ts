import type { Inspection } from '../core/inspect.js';
import type { Distribution, Finding, LayerReport, ParameterReport, Report } from '../core/model/index.js';
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
      findings: inspection.findings.map(findingToJson),
    };
  }
  return {
    ...reportToJson(first, file, notes, inspection.findings),
    ...(more.length > 0 && { more: more.map((report) => reportToJson(report, file, [], [])) }),
  };
}

interface JsonNote {
  line?: number;
  reason: string;
}

function fileNotes(inspection: Inspection): JsonNote[] {
  return [
    ...inspection.syntaxProblems.map((problem) => note(`syntax: ${problem.message}`, problem.range.line)),
    ...inspection.failed.map((entry) =>
      note(`${entry.entry}: ${entry.reason}`, (entry.range ?? entry.definedAt)?.line),
    ),
    ...inspection.unknown.map(({ reason, range }) => note(reason, range?.line)),
  ];
}

function note(reason: string, line: number | undefined): JsonNote {
  return line === undefined ? { reason } : { line, reason };
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
    parameters: report.parameters.filter((p) => !p.unregistered).map(parameterToJson),
    layers: layersToJson(report.layers),
    meanField: report.meanField,
    whatIf: report.whatIf,
    unknown: [...notes, ...report.unknown.map(({ reason, range }) => note(reason, range?.line))],
    findings: [...more, ...report.findings].map(findingToJson),
  };
}

function findingToJson({ code, severity, range, message, layer }: Finding): Record<string, unknown> {
  return { code, severity, line: range?.line, message, layer };
}

function parameterToJson(p: ParameterReport): Record<string, unknown> {
  return {
    name: p.name,
    aliases: p.aliases.length > 0 ? p.aliases : undefined,
    shape: p.shape,
    fanIn: p.fanIn,
    fanOut: p.fanOut,
    distribution: distributionToJson(p.distribution),
    setBy: { what: p.setBy.what, line: p.setBy.range?.line },
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

function layersToJson(layers: readonly LayerReport[]): Record<string, unknown>[] {
  const names = callNames(layers);
  return layers.map((layer, i) => layerToJson(layer, names[i] ?? layer.name));
}

function layerToJson(layer: LayerReport, name: string): Record<string, unknown> {
  return {
    name,
    type: layer.type,
    line: (layer.declaredAt ?? layer.calledAt)?.line,
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
    unknown: unknownReason(layer),
    approximations: layer.approximations,
  };
}
