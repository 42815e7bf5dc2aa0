import { describe, expect, it } from 'vitest';
import { editsFor, Sources } from '../../../src/core/advice/fixes/index.js';
import type { EditsWanted, SourceRange } from '../../../src/core/model/index.js';
import { filesBeside, sourcesIn } from '../../golden/golden.js';
import { inspectFiles } from '../../support/fixes.js';

const sources = sourcesIn('fixes').filter((_, i) => i % 3 === 0);

/** Edits that are asked for one by one are those that come with an inspection of everything. */
describe.each(sources)('edits of $name', (source) => {
  const files = new Map([[source.name, source.text], ...filesBeside(source)]);
  const whole = inspectFiles(files);
  const ask = (wanted: EditsWanted) => editsFor(whole, new Sources((path) => files.get(path)), wanted);
  const findings = [...whole.findings, ...whole.reports.flatMap((report) => report.findings)];
  const at = ({ start, end, cell }: SourceRange) => ask({ on: 'place', start, end, cell });

  it('for all findings', () => {
    const all = findings.flatMap(({ code, fixes = [] }) => fixes.map((fix) => ({ code, fix })));
    expect(ask({ on: 'findings' })).toEqual({ fixes: all, refactorings: [] });
  });

  it('for a finding, where it is', () => {
    for (const { range, code, fixes = [] } of findings)
      if (range?.file === source.name)
        expect(at(range).fixes).toEqual(expect.arrayContaining(fixes.map((fix) => ({ code, fix }))));
  });

  it('for definitions, where they are', () => {
    for (const { entry, refactorings = [] } of whole.reports)
      for (const refactoring of refactorings)
        if (refactoring.range.file === source.name)
          expect(at(refactoring.range).refactorings).toContainEqual({ ...refactoring, entry });
  });

  it('for whole models', () => {
    const all = whole.reports.flatMap(({ entry, refactorings = [] }) =>
      refactorings.filter(({ on }) => on === 'model').map((refactoring) => ({ ...refactoring, entry })),
    );
    expect(ask({ on: 'models' })).toEqual({ fixes: [], refactorings: all });
    for (const one of all) expect(ask({ on: 'models', entry: one.entry }).refactorings).toContainEqual(one);
  });
});
