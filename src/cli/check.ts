import path from 'node:path';
import { findingsInFile } from '../core/advice/findings/in-file.js';
import { mergeConfig } from '../core/config/index.js';
import { inspect } from '../core/inspect.js';
import type { Finding } from '../core/model/index.js';
import { LineIndex } from '../core/python/syntax/lines.js';
import { severities, type CheckOptions } from './args.js';
import { Progress } from './progress.js';
import { Projects } from './project.js';
import { sarifOf } from './sarif.js';
import { selectFiles } from './select.js';
import { findingText } from './text.js';
import { diskWorkspace, readText, toSlashes } from './workspace.js';

/** A finding with the place that a reader needs: lines and columns count from 1, in a notebook within the cell. */
export interface PlacedFinding extends Finding {
  readonly line: number;
  readonly column: number;
  /** Exclusive; absent where the text is not at hand. */
  readonly end?: { readonly line: number; readonly column: number };
}

export interface CheckedFile {
  readonly file: string;
  readonly findings: readonly PlacedFinding[];
}

export interface CheckResult {
  readonly output: string;
  /** Some finding is as severe as `failOn`. */
  readonly failed: boolean;
  /** Files that could not be read. */
  readonly unread: readonly string[];
}

/** Looks for mistakes in files, and in all Python files and notebooks below folders. */
export function check(options: CheckOptions): CheckResult {
  const projects = new Projects();
  const files = selectFiles(options.paths, projects);
  const progress = new Progress(files.length);
  const checked: CheckedFile[] = [];
  const unread: string[] = [];
  for (const [index, file] of files.entries()) {
    progress.next(index, file);
    const findings = findingsIn(file, options, projects);
    if (findings === undefined) unread.push(file);
    else checked.push({ file, findings });
  }
  progress.end();
  const limit = options.failOn === 'never' ? -1 : severities.indexOf(options.failOn);
  const failed = checked.some((f) => f.findings.some((found) => severities.indexOf(found.severity) <= limit));
  return { output: format(checked, options.format), failed, unread };
}

function findingsIn(file: string, options: CheckOptions, projects: Projects): PlacedFinding[] | undefined {
  const text = readText(file);
  if (text === null) return undefined;
  const { engine, seeds, batch, severity, thresholds } = mergeConfig(options.config, projects.of(file).part);
  const inspection = inspect(
    {
      file: toSlashes(path.resolve(file)),
      text,
      batch,
      simulation: { engine, seeds },
      thresholds,
      severity,
      isAwaited: true,
      now: () => performance.now(),
    },
    diskWorkspace(file, options.roots),
  );
  const lines = new LineIndex(text);
  return findingsInFile(inspection)
    .map((finding) => ({ ...finding, ...placeOf(finding, lines) }))
    .sort((a, b) => (a.range?.cell ?? 0) - (b.range?.cell ?? 0) || a.line - b.line || a.column - b.column);
}

function placeOf({ range }: Finding, lines: LineIndex): Pick<PlacedFinding, 'line' | 'column' | 'end'> {
  if (range === undefined) return { line: 1, column: 1 };
  // Offsets in a notebook count within its cell, whose text is not at hand here.
  if (range.cell !== undefined) return { line: range.line, column: 1 };
  const end = { line: lines.lineAt(range.end), column: lines.columnAt(range.end) + 1 };
  return { line: range.line, column: lines.columnAt(range.start) + 1, end };
}

function format(files: readonly CheckedFile[], as: CheckOptions['format']): string {
  switch (as) {
    case 'json':
      return `${JSON.stringify({ schema: 1, files: files.map(fileToJson) })}\n`;
    case 'sarif':
      return `${JSON.stringify(sarifOf(files), null, 2)}\n`;
    case 'text':
      return textOf(files);
  }
}

function fileToJson({ file, findings }: CheckedFile): Record<string, unknown> {
  return {
    file,
    findings: findings.map(({ code, severity, line, column, message, layer, range }) => ({
      code,
      severity,
      line,
      column,
      cell: range?.cell,
      message,
      layer,
      help: helpPage(code),
    })),
  };
}

/** The page about a rule, below the extension's own folder. */
export function helpPage(code: string): string {
  return `docs/rules/${code}.md`;
}

function textOf(files: readonly CheckedFile[]): string {
  const lines = files.flatMap(({ file, findings }) => findings.map((f) => findingText(f, file)));
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  const total = `${count(files.length, 'file')}, ${count(lines.length, 'finding')}`;
  return `${[...lines, total].join('\n').replaceAll('’', "'").replaceAll('×', 'x')}\n`;
}
