import type { Inspection } from '../../inspect.js';
import type { Finding } from '../../model/index.js';

/** The findings that stand in the inspected file itself, each once; what stands in another is told when that is looked at. */
export function findingsInFile({ file, findings, reports }: Inspection): Finding[] {
  const seen = new Set<string>();
  return [...findings, ...reports.flatMap((r) => r.findings)].filter(({ code, range }) => {
    // Several models may share the line that is to blame.
    const key = `${code} ${range?.cell ?? ''} ${range?.start ?? -1}`;
    if (seen.has(key) || (range !== undefined && range.file !== file)) return false;
    seen.add(key);
    return true;
  });
}
