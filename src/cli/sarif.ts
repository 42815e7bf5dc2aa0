import { pathToFileURL } from 'node:url';
import type { Log, PhysicalLocation, ReportingConfiguration, ReportingDescriptor, Result } from 'sarif';
import { RULES } from '../core/advice/findings/table.js';
import type { Severity } from '../core/model/index.js';
import type { CheckedFile, PlacedFinding } from './check.js';
import { version } from './version.js';

const LEVELS: Readonly<Record<Severity, Extract<ReportingConfiguration['level'], string>>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** SARIF 2.1.0, as code hosts and editors read it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function sarifOf(files: readonly CheckedFile[]): Log {
  const used = new Set(files.flatMap((f) => f.findings.map(({ code }) => code)));
  const rules = RULES.filter(({ code }) => used.has(code)).sort((a, b) => (a.code < b.code ? -1 : 1));
  const index = new Map(rules.map(({ code }, i) => [code, i]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'InitScope',
            ...(version() !== '' && { semanticVersion: version() }),
            rules: rules.map(descriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ file }) => ({ location: { uri: uriOf(file) } })),
        results: files.flatMap(({ file, findings }, i) =>
          findings.map((finding) => resultOf(finding, file, i, index.get(finding.code) ?? -1)),
        ),
      },
    ],
  };
}

function descriptor({ code, name, severity }: (typeof RULES)[number]): ReportingDescriptor {
  const words = name.replaceAll('-', ' ');
  return {
    id: code,
    name: name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${words.charAt(0).toUpperCase()}${words.slice(1)}.` },
    help: { text: `docs/rules/${code}.md tells why it matters, how to fix it, and when it is fine.` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function resultOf(finding: PlacedFinding, file: string, fileIndex: number, ruleIndex: number): Result {
  const { code, severity, message, line, column, end } = finding;
  const physicalLocation: PhysicalLocation = {
    artifactLocation: { uri: uriOf(file), index: fileIndex },
    region: {
      startLine: line,
      startColumn: column,
      ...(end && { endLine: end.line, endColumn: end.column }),
    },
  };
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation }],
  };
}

/** Relative where the file was named so: whoever uploads the log knows what to. */
function uriOf(file: string): string {
  return /^(?:\/|[A-Za-z]:)/.test(file)
    ? pathToFileURL(file).href
    : file
        .replace(/^(?:\.\/)+/, '')
        .split('/')
        .map(encodeURIComponent)
        .join('/');
}
