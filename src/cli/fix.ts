import { readFileSync, writeFileSync } from 'node:fs';
import { findingsInFile } from '../core/advice/findings/in-file.js';
import { applyEdits } from '../core/advice/fixes/index.js';
import type { Inspection } from '../core/inspect.js';
import type { Finding, Fix, Report } from '../core/model/index.js';

/** What fixing made of a file. */
export interface Fixed {
  readonly text: string;
  /** Of the text as it is now. */
  readonly inspection: Inspection;
  /** How many edits were made. */
  readonly count: number;
}

/** So that edits which call for each other come to an end. */
const MOST = 100;

/**
 * Applies the preferred edits of a file's findings, one after the other. After each the file is read anew: the edit stays
 * if its finding is gone, no other has come, and every model has the parameters that it had.
 */
export function fixText(text: string, inspectText: (text: string) => Inspection): Fixed {
  let now: Fixed = { text, inspection: inspectText(text), count: 0 };
  const refused = new Set<string>();
  while (now.count < MOST) {
    const next = safeEdits(now.inspection).find(({ finding, fix }) => !refused.has(keyOf(now.text, finding, fix)));
    if (next === undefined) return now;
    const edited = applyEdits(now.text, next.fix.edits);
    const inspection = inspectText(edited);
    if (isBetter(now.inspection, inspection, next.finding)) now = { text: edited, inspection, count: now.count + 1 };
    else refused.add(keyOf(now.text, next.finding, next.fix));
  }
  return now;
}

interface Candidate {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** Edits that ask for no choice, of this file alone; cells of notebooks are left to the editor. */
function safeEdits(inspection: Inspection): Candidate[] {
  return findingsInFile(inspection).flatMap((finding): Candidate[] => {
    const [fix] = finding.fixes ?? [];
    const isOwn = fix?.edits.every(({ file, cell }) => file === inspection.file && cell === undefined) ?? false;
    return fix?.preferred && isOwn ? [{ finding, fix }] : [];
  });
}

/** The same edit at the same text, wherever lines have moved to. */
function keyOf(text: string, { code, range }: Finding, { title }: Fix): string {
  return `${code} ${title} ${range ? text.slice(range.start, range.end) : ''} ${text.length - (range?.end ?? 0)}`;
}

function isBetter(before: Inspection, after: Inspection, { code }: Finding): boolean {
  const [had, has] = [countByCode(before), countByCode(after)];
  if ((has.get(code) ?? 0) >= (had.get(code) ?? 0)) return false;
  if ([...has].some(([other, count]) => count > (had.get(other) ?? 0))) return false;
  if (after.syntaxProblems.length > before.syntaxProblems.length || after.failed.length > before.failed.length)
    return false;
  return before.reports.every((report) => {
    const same = after.reports.find((r) => r.entry === report.entry);
    return same !== undefined && parametersOf(same) === parametersOf(report);
  });
}

function countByCode({ findings, reports }: Inspection): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of [...findings, ...reports.flatMap((r) => r.findings)])
    counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

function parametersOf({ parameters }: Report): string {
  return parameters.map((p) => `${p.name} ${p.shape.join(' ')}`).join('\n');
}

/** Whether a file can be written back as it was read: no notebook, and nothing in it that is no UTF-8. */
export function isWritable(file: string, text: string): boolean {
  return !file.endsWith('.ipynb') && !text.includes('\uFFFD');
}

/** Writes a file's text, behind the byte order mark that it may have. */
export function writeText(file: string, text: string): void {
  const mark = readFileSync(file, 'utf8').startsWith('\uFEFF') ? '\uFEFF' : '';
  writeFileSync(file, mark + text);
}
