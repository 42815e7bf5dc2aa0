import type { FailedEntry, Inspection } from '../core/inspect.js';
import type {
  LayerReport,
  LeafModule,
  ParameterReport,
  Report,
  SourceRange,
  UnknownNote,
} from '../core/model/index.js';

/** What stands at a place in a source file. */
export type Hit =
  | {
      readonly kind: 'layers';
      readonly range: SourceRange;
      readonly report: Report;
      /** All modules that this expression constructed (several in a loop). */
      readonly modules: readonly LeafModule[];
      /** Their steps of the forward pass, in execution order; empty where forward doesn't reach them. */
      readonly layers: readonly LayerReport[];
      /** What is not known of the file as a whole, and of the model. */
      readonly notes: readonly UnknownNote[];
    }
  | {
      readonly kind: 'parameter';
      readonly range: SourceRange;
      readonly report: Report;
      readonly parameters: readonly ParameterReport[];
    }
  | {
      readonly kind: 'initializer';
      readonly range: SourceRange;
      readonly report: Report;
      /** What the call sets. */
      readonly parameters: readonly ParameterReport[];
    }
  | {
      readonly kind: 'activation';
      readonly range: SourceRange;
      readonly report: Report;
      /** The calls of it that stand here, in execution order. */
      readonly layers: readonly LayerReport[];
    }
  | { readonly kind: 'model'; readonly range: SourceRange; readonly report: Report }
  | { readonly kind: 'failed'; readonly range: SourceRange; readonly entry: FailedEntry }
  | { readonly kind: 'syntax'; readonly range: SourceRange; readonly message: string }
  | { readonly kind: 'unknown'; readonly range: SourceRange; readonly reason: string; readonly report?: Report };

/** The innermost thing that InitScope has something to say about. */
export function findAt(inspection: Inspection, file: string, offset: number, cell?: number): Hit | undefined {
  const contains = (range: SourceRange | undefined): range is SourceRange =>
    range?.file === file && range.cell === cell && range.start <= offset && offset < range.end;
  const hits: Hit[] = [];
  for (const report of inspection.reports) {
    hits.push(...definitionsAt(report, [...inspection.unknown, ...report.unknown], contains));
    if (contains(report.definedAt)) hits.push({ kind: 'model', range: report.definedAt, report });
    hits.push(...notesAt(report.unknown, contains, report));
  }
  for (const entry of inspection.failed) {
    if (contains(entry.definedAt)) hits.push({ kind: 'failed', range: entry.definedAt, entry });
    else if (contains(entry.range)) hits.push({ kind: 'failed', range: entry.range, entry });
  }
  for (const { range, message } of inspection.syntaxProblems) {
    if (contains(range)) hits.push({ kind: 'syntax', range, message });
  }
  hits.push(...notesAt(inspection.unknown, contains));
  return hits.reduce<Hit | undefined>((best, hit) => (best === undefined || better(hit, best) ? hit : best), undefined);
}

/** By model: the layers that code at this place made; models that it made none of are left out. */
export function layersAt(
  inspection: Pick<Inspection, 'reports'>,
  file: string,
  offset: number,
  cell?: number,
): { readonly entry: string; readonly layers: readonly string[] }[] {
  const contains = (range: SourceRange | undefined): range is SourceRange =>
    range?.file === file && range.cell === cell && range.start <= offset && offset < range.end;
  return inspection.reports.flatMap((report) => {
    const declared = innermost(report.layers.filter(({ declaredAt }) => contains(declaredAt)));
    const called = report.layers.filter(
      ({ calledAt, declaredAt }) => contains(calledAt) && (declaredAt === undefined || declared.length === 0),
    );
    const layers = [...new Set((declared.length > 0 ? declared : called).map(({ name }) => name))];
    return layers.length === 0 ? [] : [{ entry: report.entry, layers }];
  });
}

type Contains = (range: SourceRange | undefined) => range is SourceRange;

function definitionsAt(report: Report, notes: readonly UnknownNote[], contains: Contains): Hit[] {
  const hits: Hit[] = [];
  const modules = innermost(report.modules.filter((module) => contains(module.declaredAt)));
  const range = modules[0]?.declaredAt;
  if (range !== undefined) {
    const names = new Set(modules.map(({ name }) => name));
    const layers = report.layers.filter((layer) => layer.kind === 'module' && names.has(layer.name));
    hits.push({ kind: 'layers', range, report, modules, layers, notes });
  }
  const parameters = innermost(report.parameters.filter((parameter) => contains(parameter.declaredAt)));
  const at = parameters[0]?.declaredAt;
  if (at !== undefined) hits.push({ kind: 'parameter', range: at, report, parameters });
  hits.push(...initializersAt(report, contains), ...activationsAt(report, contains));
  return hits;
}

function notesAt(
  notes: readonly { readonly reason: string; readonly range?: SourceRange | undefined }[],
  contains: Contains,
  report?: Report,
): Hit[] {
  return notes.flatMap(({ reason, range }) =>
    contains(range) ? [{ kind: 'unknown', range, reason, ...(report && { report }) } as const] : [],
  );
}

/** Functions that set a parameter in place; what makes a parameter is told with the parameter. */
function initializersAt(report: Report, contains: Contains): Hit[] {
  const set = report.parameters.filter(({ setBy }) => setBy.what.endsWith('_') && contains(setBy.range));
  const shortest = Math.min(...set.map(({ setBy }) => length(setBy.range)));
  const parameters = set.filter(({ setBy }) => length(setBy.range) === shortest);
  const range = parameters[0]?.setBy.range;
  return range === undefined ? [] : [{ kind: 'initializer', range, report, parameters }];
}

/** Functions called in forward; those that are modules are told where they are made. */
function activationsAt(report: Report, contains: Contains): Hit[] {
  const called = report.layers.filter(
    ({ kind, activation, calledAt }) => kind === 'function' && activation !== undefined && contains(calledAt),
  );
  const shortest = Math.min(...called.map(({ calledAt }) => length(calledAt)));
  const layers = called.filter(({ calledAt }) => length(calledAt) === shortest);
  const range = layers[0]?.calledAt;
  return range === undefined ? [] : [{ kind: 'activation', range, report, layers }];
}

/** Those with the shortest range. */
function innermost<T extends { readonly declaredAt?: SourceRange | undefined }>(items: readonly T[]): T[] {
  const shortest = Math.min(...items.map(({ declaredAt }) => length(declaredAt)));
  return items.filter(({ declaredAt }) => length(declaredAt) === shortest);
}

function length(range: SourceRange | undefined): number {
  return range === undefined ? Infinity : range.end - range.start;
}

const order: readonly Hit['kind'][] = [
  'layers',
  'parameter',
  'initializer',
  'activation',
  'failed',
  'syntax',
  'model',
  'unknown',
];

/** A shorter range says more; of two equal ones, the kind that says more. */
function better(a: Hit, b: Hit): boolean {
  const difference = length(a.range) - length(b.range);
  return difference < 0 || (difference === 0 && order.indexOf(a.kind) < order.indexOf(b.kind));
}
