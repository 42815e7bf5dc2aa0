import { describe, expect, it } from 'vitest';
import type { Finding, Fix, Report } from '../../src/core/model/index.js';
import { diff, inspectFiles, parametersOf, readable, variancesOf, withFix, type Files } from '../support/fixes.js';
import { expectGolden, filesBeside, goldenFile, sourcesIn, type Source } from './golden.js';

/** Findings that say that a network's scale is wrong: after the fix it is right. */
const ABOUT_SCALE = new Set(['IS002', 'IS003', 'IS004', 'IS101', 'IS103', 'IS106', 'IS108', 'IS109', 'IS111']);
/** Findings about calls that raise. */
const RAISES = new Set(['IS105', 'IS112', 'IS113']);

interface Applied {
  readonly title: string;
  readonly before: Files;
  readonly after: Files;
}

/** What each fix makes of the files of fixes/ and of findings/, and that it does what it says. */
describe.each([...sourcesIn('fixes'), ...sourcesIn('findings')])('fixes in $name', (source) => {
  const files = filesOf(source);
  const inspection = inspectFiles(files);
  const applied: Applied[] = [];

  for (const finding of inspection.findings)
    it.each(finding.fixes ?? [])(`${finding.code}: $title`, (fix) => {
      applied.push(apply(files, fix, finding));
      const after = inspectFiles(withFix(files, fix));
      expect(count(after, finding)).toBeLessThan(count(inspection, finding));
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
        if (ABOUT_SCALE.has(finding.code) && after.findings.length === 0) expectFlat(after);
      });
    it.each(report.refactorings ?? [])(`${report.entry}: $fix.title`, ({ fix, on }) => {
      const isFix = report.findings.some((f) => f.fixes?.some((own) => own.title === fix.title));
      if (on === 'model' && !isFix) applied.push(apply(files, fix));
      const after = reportAfter(files, fix, report);
      const codes = new Set(report.findings.map((f) => f.code));
      expect(after.findings.filter((f) => !codes.has(f.code))).toEqual([]);
    });
  }

  it('are those of the golden file', () => {
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
  expect(after.failed).toEqual(inspectFiles(files).failed);
  const report = after.reports.find((r) => r.entry === before.entry);
  if (report === undefined) throw new Error(`${before.entry} is gone`);
  expect(parametersOf(report)).toEqual(parametersOf(before));
  return report;
}

function count({ findings }: Pick<Report, 'findings'>, { code }: Finding): number {
  return findings.filter((f) => f.code === code).length;
}

function expectFlat(report: Report): void {
  const variances = variancesOf(report);
  if (variances.length === 0) return;
  expect(Math.max(...variances) / Math.min(...variances)).toBeLessThan(2);
}

function textOf({ title, before, after }: Applied): string {
  const changed = [...before].filter(([path, text]) => after.get(path) !== text);
  const diffs = changed.map(
    ([path, text]) => `  ${path}\n${diff(readable(path, text), readable(path, after.get(path) ?? text))}\n`,
  );
  return `${title}\n${diffs.join('')}`;
}
