import type { EditsOffered, EditsWanted, Finding, Fix, Refactoring, Report, SourceRange } from '../../model/index.js';
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
      refactorings: [...layerRefactorings(report, sources), ...wholeModel(report, sources)],
    })),
    findings: findings.map((finding) => fixed(finding, reports, sources)),
  };
}

/** Those edits only that somebody asks for: writing them all takes longer than the simulation. */
export function editsFor(
  { file, reports, findings }: Told & { readonly file: string },
  sources: Sources,
  wanted: EditsWanted,
): EditsOffered {
  const isWanted = ({ range }: Finding): boolean => wanted.on === 'findings' || isAt(wanted, file, range);
  const fixes = (some: readonly Finding[], of: readonly Report[]): EditsOffered['fixes'] =>
    some
      .filter(isWanted)
      .flatMap((finding) => fixesOf(finding, of, sources).map((fix) => ({ code: finding.code, fix })));
  return {
    fixes: [...fixes(findings, reports), ...reports.flatMap((report) => fixes(report.findings, [report]))],
    refactorings: reports.flatMap((report) =>
      refactoringsOf(report, file, sources, wanted).map((refactoring) => ({ ...refactoring, entry: report.entry })),
    ),
  };
}

function refactoringsOf(report: Report, file: string, sources: Sources, wanted: EditsWanted): Refactoring[] {
  switch (wanted.on) {
    case 'place':
      return [
        ...layerRefactorings(report, sources, (range) => isAt(wanted, file, range)),
        ...(isAt(wanted, file, report.definedAt) ? wholeModel(report, sources) : []),
      ];
    case 'models':
      return wanted.entry === undefined || wanted.entry === report.entry ? wholeModel(report, sources) : [];
    case 'findings':
      return [];
  }
}

/** Whether a range touches the place. */
function isAt(wanted: EditsWanted, file: string, range: SourceRange | undefined): boolean {
  return (
    wanted.on === 'place' &&
    range?.file === file &&
    range.cell === wanted.cell &&
    range.start <= wanted.end &&
    wanted.start <= range.end
  );
}

function fixed(finding: Finding, reports: readonly Report[], sources: Sources): Finding {
  const fixes = fixesOf(finding, reports, sources);
  return fixes.length === 0 ? finding : { ...finding, fixes };
}

function fixesOf(finding: Finding, reports: readonly Report[], sources: Sources): Fix[] {
  return (FIXERS[finding.code]?.({ finding, reports, sources }) ?? []).filter((f): f is Fix => f !== undefined);
}

function wholeModel(report: Report, sources: Sources): Refactoring[] {
  const fix = applyRecommended(report, sources);
  return fix && report.definedAt ? [{ on: 'model', range: report.definedAt, fix }] : [];
}
