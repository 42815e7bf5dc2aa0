import type { Finding, Fix, Refactoring, Report } from '../../model/index.js';
import type { Sources } from './draft.js';
import { layerRefactorings } from './layers.js';
import { applyRecommended } from './recommended/index.js';
import { FIXERS } from './table.js';

export { applyEdits, Sources } from './draft.js';

/** What an inspection says that edits can be offered for. */
interface Told {
  readonly reports: readonly Report[];
  /** About the file, or models that could not be built. */
  readonly findings: readonly Finding[];
}

/** Findings with the edits that make them go away, where there are any, and reports with the refactorings that they offer. */
export function withEdits({ reports, findings }: Told, sources: Sources): Told {
  return {
    reports: reports.map((report) => ({
      ...report,
      findings: report.findings.map((finding) => fixed(finding, [report], sources)),
      refactorings: refactoringsOf(report, sources),
    })),
    findings: findings.map((finding) => fixed(finding, reports, sources)),
  };
}

function fixed(finding: Finding, reports: readonly Report[], sources: Sources): Finding {
  const fixes = (FIXERS[finding.code]?.({ finding, reports, sources }) ?? []).filter((f): f is Fix => f !== undefined);
  return fixes.length === 0 ? finding : { ...finding, fixes };
}

function refactoringsOf(report: Report, sources: Sources): Refactoring[] {
  const refactorings: Refactoring[] = layerRefactorings(report, sources);
  const whole = applyRecommended(report, sources);
  if (whole && report.definedAt) refactorings.push({ on: 'model', range: report.definedAt, fix: whole });
  return refactorings;
}
