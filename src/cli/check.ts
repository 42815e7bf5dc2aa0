import { statSync } from 'node:fs';
import path from 'node:path';
import { inspect } from '../core/inspect.js';
import type { Finding } from '../core/model/index.js';
import { severities, type CheckOptions } from './args.js';
import { sourcesBelow } from './folders.js';
import { sarifOf } from './sarif.js';
import { findingText } from './text.js';
import { diskWorkspace, readText, toSlashes } from './workspace.js';

/** A finding with the place that a reader needs: lines and columns count from 1. */
export interface PlacedFinding extends Finding {
  readonly line: number;
  readonly column: number;
}

export interface CheckedFile {
  readonly file: string;
  readonly findings: readonly PlacedFinding[];
}

export interface CheckResult {
  readonly output: string;
  /** Some finding is as severe as `failOn`. */
  readonly failed: boolean;
}

/** Paths that are neither files that can be read nor folders. */
export class NoSuchPath extends Error {}

/** Looks for mistakes in files, and in all Python files and notebooks below folders. */
export function check(options: CheckOptions): CheckResult {
  const files = options.paths.flatMap(expand);
  const checked = files.map((file): CheckedFile => ({
    file: toSlashes(file),
    findings: findingsIn(file, options.roots),
  }));
  const limit = severities.indexOf(options.failOn);
  const failed = checked.some((f) => f.findings.some((found) => severities.indexOf(found.severity) <= limit));
  return { output: format(checked, options.format), failed };
}

function expand(given: string): string[] {
  let stats;
  try {
    stats = statSync(given);
  } catch {
    throw new NoSuchPath(`no file or folder '${given}'`);
  }
  return stats.isDirectory() ? sourcesBelow(toSlashes(given)) : [given];
}

function findingsIn(file: string, roots: readonly string[]): PlacedFinding[] {
  const text = readText(file);
  if (text === null) return [];
  const full = toSlashes(path.resolve(file));
  const inspection = inspect(
    { file: full, text, isAwaited: true, now: () => performance.now() },
    diskWorkspace(file, roots),
  );
  const seen = new Set<string>();
  return [...inspection.findings, ...inspection.reports.flatMap((r) => r.findings)]
    .filter((f) => {
      // Two models of a file may share the line that is to blame; what stands in other files is told there.
      const key = `${f.code} ${f.range?.cell ?? ''} ${f.range?.start ?? -1}`;
      if (seen.has(key) || (f.range && f.range.file !== full)) return false;
      seen.add(key);
      return true;
    })
    .map((f) => ({ ...f, line: f.range?.line ?? 1, column: columnOf(text, f) }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Offsets in a notebook count within its cell, whose text is not at hand here. */
function columnOf(text: string, { range }: Finding): number {
  if (!range || range.cell !== undefined) return 1;
  return range.start - Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1));
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
    findings: findings.map(({ code, severity, line, column, message, layer }) => ({
      code,
      severity,
      line,
      column,
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
