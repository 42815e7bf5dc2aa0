import type { Inspection } from '../inspect.js';
import type { Finding, Report, SourceRange } from '../model/index.js';
import { withRanges } from './ranges.js';

/** Files whose last readable state is kept. */
const most = 8;

interface Kept {
  readonly text: string;
  readonly reports: readonly Report[];
}

/**
 * While a file is being typed in, classes come and go as brackets open and close. Of those that cannot be read at the
 * moment the last good reports stay, at the places that their code has now.
 */
export class LastGood {
  private readonly kept = new Map<string, Kept>();

  /** The inspection with what an unreadable text hides, and remembers it when there is nothing hidden. */
  complete(inspection: Inspection, text: string): Inspection {
    const { file, reports, failed, syntaxProblems, needs, seeks } = inspection;
    // Offsets in a notebook count within cells; a broken cell leaves the others alone anyway.
    if (file.endsWith('.ipynb')) return inspection;
    if (syntaxProblems.length === 0) {
      if (needs.length === 0 && seeks.length === 0) this.keep(file, { text, reports });
      return inspection;
    }
    const last = this.kept.get(file);
    if (last === undefined) return inspection;
    const edit = editBetween(last.text, text);
    const read = new Set(reports.map(({ className }) => className));
    const hidden = last.reports.flatMap((report) => {
      const isHidden = !read.has(report.className) && standsStill(report, last.text, text, edit, file);
      return isHidden ? [moved(report, edit, file)] : [];
    });
    const names = new Set(hidden.map(({ className }) => className));
    return {
      ...inspection,
      reports: [...reports, ...hidden],
      failed: failed.filter(({ className }) => !names.has(className)),
    };
  }

  private keep(file: string, kept: Kept): void {
    this.kept.delete(file);
    this.kept.set(file, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > most && oldest !== undefined) this.kept.delete(oldest);
  }
}

/** The stretch of an old text that a new one has something else for. */
interface Edit {
  readonly start: number;
  /** Exclusive, in the old text. */
  readonly end: number;
  /** How far what comes after has moved. */
  readonly offset: number;
  readonly lines: number;
}

function editBetween(old: string, text: string): Edit {
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old.charCodeAt(start) === text.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && old.charCodeAt(old.length - 1 - same) === text.charCodeAt(text.length - 1 - same))
    same++;
  const end = old.length - same;
  const lines = (part: string): number => part.split('\n').length;
  return {
    start,
    end,
    offset: text.length - old.length,
    lines: lines(text.slice(start, text.length - same)) - lines(old.slice(start, end)),
  };
}

/** Whether the line that defines the model's class is there as it was. */
function standsStill({ definedAt }: Report, old: string, text: string, edit: Edit, file: string): boolean {
  if (definedAt?.file !== file) return false;
  const line = lineFrom(old, definedAt.start);
  const { start } = movedRange(definedAt, edit);
  const isEdited = edit.start < definedAt.start + line.length && definedAt.start < edit.end;
  return !isEdited && lineFrom(text, start) === line;
}

function lineFrom(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

/** A range behind the edit has moved with the text; one around it has grown. */
function movedRange(range: SourceRange, { start, end, offset, lines }: Edit): SourceRange {
  if (range.end <= start) return range;
  if (range.start >= end)
    return { ...range, start: range.start + offset, end: range.end + offset, line: range.line + lines };
  return { ...range, end: Math.max(range.start, range.end + offset) };
}

function moved(report: Report, edit: Edit, file: string): Report {
  const isRewritten = ({ range }: Finding): boolean =>
    range?.file === file && range.end - range.start < edit.end - edit.start && overlaps(range, edit);
  const { findings, ...rest } = report;
  return withRanges({ ...rest, findings: findings.filter((f) => !isRewritten(f)) }, (range) =>
    range.file === file ? movedRange(range, edit) : range,
  );
}

function overlaps(range: SourceRange, edit: Edit): boolean {
  return range.start < edit.end && edit.start < range.end;
}
