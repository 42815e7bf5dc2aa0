import path from 'node:path';
import { findingsInFile } from '../core/advice/findings/in-file.js';
import { mergeConfig } from '../core/config/index.js';
import { inspect, type Inspection } from '../core/inspect.js';
import type { Finding } from '../core/model/index.js';
import { LineIndex } from '../core/python/syntax/lines.js';
import { severities, type CheckOptions } from './args.js';
import { unifiedDiff } from './diff.js';
import { fixText, isWritable, writeText, type Fixed } from './fix.js';
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
  /** Edits that were made, or would be; absent where none were asked for. */
  readonly fixed?: { readonly edits: number; readonly files: number } | undefined;
}

/** Looks for mistakes in files, and in all Python files and notebooks below folders; and fixes what it is told to. */
export function check(options: CheckOptions): CheckResult {
  const projects = new Projects();
  const files = selectFiles(options.paths, projects);
  const progress = new Progress(files.length);
  const checked: CheckedFile[] = [];
  const unread: string[] = [];
  const diffs: string[] = [];
  let edits = 0;
  for (const [index, file] of files.entries()) {
    progress.next(index, file);
    const text = readText(file);
    if (text === null) {
      unread.push(file);
      continue;
    }
    const result = fixedAs(options.fix, { file, text }, inspector(file, options, projects));
    edits += result.count;
    if (result.count > 0) diffs.push(unifiedDiff(file, text, result.text));
    if (result.count > 0 && options.fix === 'write') writeText(file, result.text);
    checked.push({ file, findings: placed(result) });
  }
  progress.end();
  const limit = options.failOn === 'never' ? -1 : severities.indexOf(options.failOn);
  const isGrave = checked.some((f) => f.findings.some((found) => severities.indexOf(found.severity) <= limit));
  const fixed = options.fix && { edits, files: diffs.length };
  if (options.fix === 'show') return { output: diffs.join(''), failed: edits > 0, unread, fixed };
  return { output: format(checked, options.format), failed: isGrave, unread, fixed };
}

type Inspector = (text: string, withEdits: boolean) => Inspection;

function fixedAs(
  fix: CheckOptions['fix'],
  { file, text }: { readonly file: string; readonly text: string },
  inspectText: Inspector,
): Fixed {
  return fix !== undefined && isWritable(file, text)
    ? fixText(text, (t) => inspectText(t, true))
    : { text, inspection: inspectText(text, false), count: 0 };
}

function inspector(file: string, options: CheckOptions, projects: Projects): Inspector {
  const { engine, seeds, batch, severity, thresholds } = mergeConfig(options.config, projects.of(file).part);
  return (text, withEdits) =>
    inspect(
      {
        file: toSlashes(path.resolve(file)),
        text,
        batch,
        simulation: { engine, seeds },
        thresholds,
        severity,
        withEdits,
        isAwaited: true,
        now: () => performance.now(),
      },
      diskWorkspace(file, options.roots),
    );
}

function placed({ text, inspection }: Fixed): PlacedFinding[] {
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
  const lines = files.flatMap(({ file, findings }) => {
    const shown = { file, path: toSlashes(path.resolve(file)) };
    return findings.map((f) => findingText(f, shown));
  });
  const total = `${counted(files.length, 'file')}, ${counted(lines.length, 'finding')}`;
  return `${[...lines, total].join('\n').replaceAll('’', "'").replaceAll('×', 'x')}\n`;
}

/** `1 file`, `2 files`. */
export function counted(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
