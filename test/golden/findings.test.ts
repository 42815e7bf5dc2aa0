import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/model/index.js';
import { expectGolden, goldenFile, inspectSource, sourcesIn } from './golden.js';

/**
 * What InitScope finds wrong in each file of findings/, and what it must not: each file is named after one rule and has
 * models on which it fires and models, marked as silent, on which nothing may.
 */
describe.each(sourcesIn('findings'))('findings in $name', (source) => {
  const inspection = inspectSource(source);

  it('are those of the golden file', () => {
    expectGolden(goldenFile(source, '.txt'), inspection.reports.map(findingsText).join('\n'));
  });

  it('are there', () => {
    const code = source.name.slice(0, 5);
    expect(inspection.reports.flatMap((r) => r.findings.map((f) => f.code))).toContain(code);
    expect(inspection.failed).toEqual([]);
  });
});

function findingsText({ entry, className, findings }: Report): string {
  const lines = findings.map(
    ({ code, severity, range, message }) => `  :${range?.line ?? '?'} ${severity} ${code} ${message}\n`,
  );
  return `${entry}: ${className}\n${lines.length === 0 ? '  nothing\n' : lines.join('')}`;
}
