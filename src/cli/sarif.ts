import type { Severity } from '../core/model/index.js';
import type { CheckedFile } from './check.js';

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** SARIF 2.1.0, as code hosts and editors read it: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
export function sarifOf(files: readonly CheckedFile[]): Record<string, unknown> {
  const codes = [...new Set(files.flatMap((f) => f.findings.map((found) => found.code)))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'InitScope', rules: codes.map((id) => ({ id })) } },
        results: files.flatMap(({ file, findings }) =>
          findings.map(({ code, severity, message, line, column }) => ({
            ruleId: code,
            level: LEVELS[severity],
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: encodeURI(file) },
                  region: { startLine: line, startColumn: column },
                },
              },
            ],
          })),
        ),
      },
    ],
  };
}
