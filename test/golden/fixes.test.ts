import { describe, expect, it } from 'vitest';
import type { Finding, Fix, Report } from '../../src/core/model/index.js';
import { diff, inspectFiles, isGrave, parametersOf, readable, withFix, type Files } from '../support/fixes.js';
import { spreadOf } from '../support/flat.js';
import { expectGolden, filesBeside, goldenFile, sourcesIn, type Source } from './golden.js';

/** Findings that say that a network's scale is wrong: after the fix it is right. */
const ABOUT_SCALE = new Set(
  ['001', '002', '003', '004', '101', '103', '106', '108', '109', '111', '114', '125'].map((n) => `IS${n}`),
);
/** Findings about calls that raise. */
const RAISES = new Set(['IS105', 'IS112', 'IS113']);

interface Applied {
  readonly title: string;
  readonly before: Files;
  readonly after: Files;
}

const TOLD = [...sourcesIn('fixes'), ...sourcesIn('findings')];
const OTHERS = [...sourcesIn('models'), ...sourcesIn('hover'), ...sourcesIn('../../examples')];

/** What each fix makes of the files of fixes/ and of findings/, and that it does what it says, there and in all others. */
describe.each([...TOLD, ...OTHERS])('fixes in $name', (source) => {
  const files = filesOf(source);
  const inspection = inspectFiles(files);
  const applied: Applied[] = [];

  for (const finding of inspection.findings)
    it.each(finding.fixes ?? [])(`${finding.code}: $title`, (fix) => {
      applied.push(apply(files, fix, finding));
      const after = inspectFiles(withFix(files, fix));
      expect(after.syntaxProblems).toEqual(inspection.syntaxProblems);
      expect(count(after, finding)).toBeLessThan(count(inspection, finding));
      expect(newOf(after, inspection)).toEqual([]);
      expect(after.reports.map(parametersOf)).toEqual(expect.arrayContaining(inspection.reports.map(parametersOf)));
      // A finding about what raises: more models can be built than before.
      const more = after.reports.length - inspection.reports.length;
      if (RAISES.has(finding.code)) expect(more).toBeGreaterThan(0);
      else expect(more).toBe(0);
    });

  for (const report of inspection.reports) {
    for (const finding of report.findings)
      it.each(finding.fixes ?? [])(`${report.entry} ${finding.code}: $title`, (fix) => {
        applied.push(apply(files, fix, finding));
        const after = reportAfter(files, fix, report);
        // Another call may be to blame for a finding of the same code.
        expect(count(after, finding)).toBeLessThan(count(report, finding));
        // An initialization that had no effect has one now, and may be as wrong as it is.
        if (finding.code !== 'IS118') expect(newOf(after, report)).toEqual([]);
        // Where several calls are wrong, the variance is flat when the last of them is mended.
        if (ABOUT_SCALE.has(finding.code) && !after.findings.some((f) => ABOUT_SCALE.has(f.code))) expectFlat(after);
      });
    it.each(report.refactorings ?? [])(`${report.entry}: $fix.title`, ({ fix, on }) => {
      const isFix = report.findings.some((f) => f.fixes?.some((own) => own.title === fix.title));
      if (on === 'model' && !isFix) applied.push(apply(files, fix));
      const after = reportAfter(files, fix, report);
      expect(newOf(after, report)).toEqual([]);
    });
  }

  it.skipIf(OTHERS.includes(source))('are those of the golden file', () => {
    expectGolden(goldenFile(source, '.fixes.txt'), applied.map(textOf).join('\n'));
  });
});

function filesOf(source: Source): Files {
  return new Map([[source.name, source.text], ...filesBeside(source)]);
}

function apply(before: Files, fix: Fix, finding?: Finding): Applied {
  const where = finding ? `${finding.code} :${finding.range?.line ?? '?'} ` : '';
  return { title: `${where}${fix.title}`, before, after: withFix(before, fix) };
}

/** The same model's report after a fix; its parameters are as they were. */
function reportAfter(files: Files, fix: Fix, before: Report): Report {
  const after = inspectFiles(withFix(files, fix));
  const unchanged = inspectFiles(files);
  expect(after.failed.map((f) => f.reason)).toEqual(unchanged.failed.map((f) => f.reason));
  expect(after.syntaxProblems.map((p) => p.message)).toEqual(unchanged.syntaxProblems.map((p) => p.message));
  const report = after.reports.find((r) => r.entry === before.entry);
  if (report === undefined) throw new Error(`${before.entry} is gone`);
  expect(parametersOf(report)).toEqual(parametersOf(before));
  return report;
}

function count({ findings }: Pick<Report, 'findings'>, { code }: Finding): number {
  return findings.filter((f) => f.code === code).length;
}

/** Errors and warnings of a kind that was not there before. */
function newOf(after: Pick<Report, 'findings'>, before: Pick<Report, 'findings'>): Finding[] {
  const known = new Set(before.findings.filter(isGrave).map((f) => f.code));
  return after.findings.filter((f) => isGrave(f) && !known.has(f.code));
}

function expectFlat(report: Report): void {
  const { layers } = spreadOf(report, (l) => l.forward?.variance);
  expect(layers).toBeLessThan(2);
}

function textOf({ title, before, after }: Applied): string {
  const changed = [...before].filter(([path, text]) => after.get(path) !== text);
  const diffs = changed.map(
    ([path, text]) => `  ${path}\n${diff(readable(path, text), readable(path, after.get(path) ?? text))}\n`,
  );
  return `${title}\n${diffs.join('')}`;
}
