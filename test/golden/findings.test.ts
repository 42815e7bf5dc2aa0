import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/core/inspect.js';
import type { Finding, Report } from '../../src/core/model/index.js';
import { expectGolden, goldenFile, inspectSource, sourcesIn } from './golden.js';

/**
 * What InitScope finds wrong in each file of findings/, and what it must not: each file is named after one rule and has
 * models on which it fires and models, marked as silent, on which nothing may.
 */
describe.each(sourcesIn('findings'))('findings in $name', (source) => {
  const inspection = inspectSource(source);

  it('are those of the golden file', () => {
    expectGolden(
      goldenFile(source, '.txt'),
      [...inspection.reports.map(findingsText), ...fileText(inspection)].join('\n'),
    );
  });

  it('are there, or none', () => {
    const code = source.name.slice(0, 5);
    const all = [...inspection.findings, ...inspection.reports.flatMap((r) => r.findings)];
    // What is told of a file as a whole has its counterpart in a file of its own.
    if (source.name.endsWith('_silent.py')) expect(all).toEqual([]);
    else expect(all.map((f) => f.code)).toContain(code);
    expect(inspection.failed).toEqual([]);
  });
});

function findingsText({ entry, className, findings }: Report): string {
  return `${entry}: ${className}\n${findings.length === 0 ? '  nothing\n' : findings.map(lineOf).join('')}`;
}

/** What belongs to no single model. */
function fileText({ findings }: Inspection): string[] {
  return findings.length === 0 ? [] : [`the file\n${findings.map(lineOf).join('')}`];
}

function lineOf({ code, severity, range, message }: Finding): string {
  return `  :${range?.line ?? '?'} ${severity} ${code} ${message}\n`;
}
