import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/core/inspect.js';
import type { Report } from '../../src/core/model/index.js';
import { inspectFiles, isGrave, parametersOf, withFix, type Files } from '../support/fixes.js';
import { spreadOf } from '../support/flat.js';
import { convolutions, perceptrons, residual, transformers, type Network } from './networks.js';

const FAMILIES = { perceptrons, convolutions, residual, transformers };

/**
 * Networks of any widths, depths and activations, initialized as recommended: the signal's variance stays flat. By the
 * report's own forecast, and by reading again what “Apply recommended initialization” makes of the file.
 */
describe.each(Object.entries(FAMILIES))('%s as recommended', (_, family) => {
  it('keep the variance within a factor of 2 of flat', () => {
    fc.assert(
      fc.property(family, (network) => {
        const files = filesOf(network);
        const report = reportOf(inspectFiles(files));
        expectFlat(report, (l) => (l.withRecommended ?? l).forward?.variance);
        const whole = report.refactorings?.find((r) => r.on === 'model');
        if (whole === undefined) return;
        const inspection = inspectFiles(withFix(files, whole.fix));
        const after = reportOf(inspection);
        expect(inspection.syntaxProblems).toEqual([]);
        expect(parametersOf(after)).toEqual(parametersOf(report));
        const known = new Set(report.findings.map((f) => f.code));
        expect(after.findings.filter((f) => isGrave(f) && !known.has(f.code))).toEqual([]);
        expectFlat(after, (l) => l.forward?.variance);
      }),
      // The same networks at each run.
      { numRuns: 10, seed: 20, endOnFailure: true },
    );
  });
});

function filesOf({ source, input }: Network): Files {
  return new Map([['net.py', `# initscope: entry=Net() input=${input.join(',')}\n${source}`]]);
}

function reportOf({ reports, failed }: Inspection): Report {
  expect(failed).toEqual([]);
  expect(reports).toHaveLength(1);
  return reports[0]!;
}

function expectFlat(report: Report, variance: (l: Report['layers'][number]) => number | undefined): void {
  const { layers, stream } = spreadOf(report, variance);
  expect(layers).toBeLessThan(2);
  // Branches divided by √L let a stream without norms grow (1 + 1/L)^L times, less than e, and unstable activations a little more.
  expect(stream).toBeLessThan(1.2 * Math.E);
}
