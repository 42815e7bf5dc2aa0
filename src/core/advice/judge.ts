import type { Config } from '../config/config.js';
import type { Inspection } from '../inspect.js';
import type { Finding, Report } from '../model/index.js';
import { RULES } from './findings/table.js';
import { findIgnores, leavesOut, UNUSED_IGNORE, type Ignore, type IgnoreSource } from './suppression.js';

const nameOf = new Map(RULES.map(({ code, name }) => [code, name]));

/** What decides over the findings besides the rules: comments in the code, and the user's severities. */
export interface Judging {
  readonly severity?: Config['severity'] | undefined;
  /** The inspected file and others that findings may stand in. */
  readonly sourceOf: (file: string) => IgnoreSource | undefined;
}

/** An inspection with its findings as they are to be shown: those that a comment leaves out are gone, severities are the user's. */
export function judge(inspection: Inspection, { severity = {}, sourceOf }: Judging): Inspection {
  const ignores = new Map<string, readonly Ignore[]>();
  const used = new Map<Ignore, Set<string>>();
  const ignoresIn = (file: string): readonly Ignore[] => {
    const known = ignores.get(file);
    if (known !== undefined) return known;
    const source = sourceOf(file);
    const found = source === undefined ? [] : findIgnores(source);
    ignores.set(file, found);
    return found;
  };
  const isLeftOut = (finding: Finding): boolean => {
    const by = finding.range === undefined ? [] : ignoresIn(finding.range.file).filter((i) => leavesOut(i, finding));
    for (const ignore of by) used.set(ignore, (used.get(ignore) ?? new Set()).add(finding.code));
    return by.length > 0;
  };
  const asSet = (finding: Finding): Finding[] => {
    const set = severity[finding.code] ?? severity[nameOf.get(finding.code) ?? ''] ?? finding.severity;
    return set === 'off' ? [] : [set === finding.severity ? finding : { ...finding, severity: set }];
  };
  const judged = (findings: readonly Finding[]): Finding[] => findings.filter((f) => !isLeftOut(f)).flatMap(asSet);
  const reports = inspection.reports.map((report): Report => ({ ...report, findings: judged(report.findings) }));
  const findings = judged(inspection.findings);
  const own = ignoresIn(inspection.file);
  const unused = isComplete(inspection) ? own.flatMap((ignore) => unusedIn(ignore, used.get(ignore))) : [];
  return { ...inspection, reports, findings: [...findings, ...unused.flatMap(asSet)] };
}

/** Whether each rule had its say: nothing is missing that a finding could come from. */
function isComplete({ reports, failed, syntaxProblems, needs, seeks, cancelled }: Inspection): boolean {
  return (
    !cancelled &&
    [failed, syntaxProblems, needs, seeks].every(({ length }) => length === 0) &&
    reports.every(({ layers }) => layers.length > 0)
  );
}

function unusedIn({ codes, at }: Ignore, used: ReadonlySet<string> = new Set()): Finding[] {
  const idle = codes.filter((code) => !used.has(code));
  if (codes.length === 0 ? used.size > 0 : idle.length === 0) return [];
  const what = idle.length === 0 ? 'this comment' : idle.map((code) => `\`${code}\``).join(' and ');
  const unknown = idle.filter((code) => !nameOf.has(code));
  const why = unknown.length > 0 ? `${unknown.join(' and ')} names no rule` : 'there is no such finding here';
  return [
    {
      code: UNUSED_IGNORE.code,
      severity: UNUSED_IGNORE.severity,
      range: at,
      message: `Nothing is left out by ${what}: ${why}.`,
    },
  ];
}
