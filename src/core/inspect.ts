import { Sources, withEdits } from './advice/fixes/index.js';
import { findingsOfFailures } from './advice/findings/failures.js';
import { findingsInText } from './advice/findings/written/index.js';
import { judge } from './advice/judge.js';
import type { Config } from './config/config.js';
import type { ReportMemory } from './incremental/report-memory.js';
import { Cancelled } from './propagation/batch/index.js';
import { simulate, type SimulateOptions } from './propagation/simulate.js';
import { Parts } from './parts.js';
import { ownFailure, parseCached } from './python/interpreter/index.js';
import { isAwaited, readFile } from './read/read-file.js';
import type {
  ConstructorArgument,
  Finding,
  Model,
  Report,
  SimulationSettings,
  SourceRange,
  UnknownNote,
} from './model/index.js';

/** Where the reader gets other files of the workspace from. Synchronous: hosts that read asynchronously fill a cache and retry (see `needs`). */
export interface Workspace {
  /** Text of a file, `null` when there is none, `undefined` when it is not known yet (it then stands in `Inspection.needs`). */
  read(path: string): string | null | undefined;
  /** Folders that absolute imports may start from, nearest first. */
  readonly roots: readonly string[];
  /**
   * Files that may call one of these classes or functions of the inspected file, likeliest first, for `read`; `undefined`
   * when nobody has looked yet (the names then stand in `Inspection.seeks`). Absent: there are no other files.
   */
  users?(names: readonly string[]): readonly string[] | undefined;
}

export interface InspectRequest {
  /** Path of the file, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** A Python expression that builds the model, evaluated in the file's namespace; absent: every root model that the file offers. */
  readonly entry?: string | undefined;
  /** Python statements to run before the entry. */
  readonly setup?: string | undefined;
  /** Shapes given to forward; absent: found in the file. */
  readonly input?: readonly (readonly number[])[] | undefined;
  readonly batch?: number | undefined;
  /** How to simulate; by default the mean-field moments. */
  readonly simulation?: (Omit<SimulationSettings, 'batch'> & Pick<SimulateOptions, 'mostWork'>) | undefined;
  /** The user's own severities, by a rule's code or name, and from where on signal or gradient count as lost. */
  readonly severity?: Config['severity'] | undefined;
  readonly thresholds?: Config['thresholds'] | undefined;
  /** Also say which edits would help: `fixes` of findings, and `refactorings`. */
  readonly withEdits?: boolean | undefined;
  /** Somebody waits for this very file: more time may be taken than for one that was merely opened. */
  readonly isAwaited?: boolean | undefined;
  /** Called now and then; returning true stops the work with `cancelled`. */
  readonly isCancelled?: (() => boolean) | undefined;
  /** A clock in milliseconds, for time limits and the times reported; `Date.now` without it. */
  readonly now?: (() => number) | undefined;
}

/** A model that could not be built, and why. */
export interface FailedEntry {
  readonly entry: string;
  readonly className: string;
  readonly definedAt?: SourceRange | undefined;
  readonly arguments?: readonly ConstructorArgument[] | undefined;
  readonly reason: string;
  readonly range?: SourceRange | undefined;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly range: SourceRange;
}

/** All that is known of one file. */
export interface Inspection {
  readonly file: string;
  /** One per root model, in source order. */
  readonly reports: readonly Report[];
  readonly failed: readonly FailedEntry[];
  /** About models that could not be built; those of the others stand in their reports. */
  readonly findings: readonly Finding[];
  readonly syntaxProblems: readonly SyntaxProblem[];
  /** Imports that are not there and the like, for the file as a whole. */
  readonly unknown: readonly UnknownNote[];
  /** Paths that `Workspace.read` did not know yet: fetch them and inspect again. Empty when the result is final. */
  readonly needs: readonly string[];
  /** Names whose calls in other files would tell what models are built with: look for them and inspect again. */
  readonly seeks: readonly string[];
  readonly cancelled: boolean;
  readonly milliseconds: { readonly parse: number; readonly evaluate: number; readonly simulate: number };
}

/** Milliseconds after which the models of a file that nobody asked for are simulated no further. */
const LATE = 1_150;

/** Reads a file and simulates every model in it: what each surface of InitScope shows. */
export function inspect(request: InspectRequest, workspace: Workspace): Inspection {
  return inspectModels(request, workspace).inspection;
}

/**
 * The same, with the model of each report for further simulations, and what the inspection is with other reports of them.
 * @param memory reports of the same file's models before, so that only models that have changed are simulated
 */
export function inspectModels(
  request: InspectRequest,
  workspace: Workspace,
  memory?: ReportMemory,
): {
  readonly inspection: Inspection;
  readonly models: readonly Model[];
  readonly withReports: (reports: readonly Report[]) => Inspection;
} {
  const now = request.now ?? Date.now;
  const start = now();
  const reading = readFile(request, workspace);
  const read = now();
  const isLate = (): boolean => !isAwaited(request) && now() - start > LATE;
  const reports: Report[] = [];
  const models: Model[] = [];
  const failed = [...reading.failed];
  const parts = new Parts(request, workspace, reading.models);
  for (const built of reading.models) {
    try {
      const model = parts.with(built);
      const settings: SimulateOptions = {
        ...request.simulation,
        share: 1 / reading.models.length,
        batch: request.batch,
        thresholds: request.thresholds ?? request.simulation?.thresholds,
      };
      const key = JSON.stringify(settings);
      const known = memory?.find(built, key);
      const report = known ?? simulate(model, { ...settings, isCancelled: request.isCancelled, isLate });
      reports.push(report);
      models.push(model);
      // What was cut short is no report to be kept.
      if (!isLate()) memory?.keep(built, key, report);
    } catch (e) {
      if (e instanceof Cancelled) throw e;
      failed.push({
        entry: built.entry,
        className: built.className,
        definedAt: built.definedAt,
        reason: ownFailure(e),
      });
    }
  }
  const inspection: Inspection = {
    file: request.file,
    reports,
    failed,
    findings: [
      ...findingsOfFailures([...failed, ...reading.unknown]),
      ...(isLate() ? [] : findingsInText(reading.written, reading.models)),
    ],
    syntaxProblems: reading.syntaxProblems,
    unknown: reading.unknown,
    needs: reading.needs,
    seeks: reading.seeks,
    cancelled: reading.cancelled,
    milliseconds: {
      parse: reading.milliseconds.parse,
      evaluate: read - start - reading.milliseconds.parse,
      simulate: now() - read,
    },
  };
  const judgement = {
    severity: request.severity,
    sourceOf(file: string) {
      const text = file === request.file ? request.text : workspace.read(file);
      return typeof text === 'string' ? parseCached(file, text, file !== request.file) : undefined;
    },
  };
  const withReports = (all: readonly Report[]): Inspection => {
    const judged = judge({ ...inspection, reports: all }, judgement);
    if (request.withEdits !== true || isLate()) return judged;
    const sources = new Sources((path) => (path === request.file ? request.text : workspace.read(path)));
    return { ...judged, ...withEdits(judged, sources) };
  };
  return { inspection: withReports(reports), models, withReports };
}
