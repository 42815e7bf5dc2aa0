import { describe, expect, it } from 'vitest';
import { sarifOf } from '../../../src/cli/sarif.js';
import type { PlacedFinding } from '../../../src/cli/check.js';

const finding = (code: string, more: Partial<PlacedFinding> = {}): PlacedFinding => ({
  code,
  severity: 'warning',
  message: 'Why.',
  line: 3,
  column: 9,
  end: { line: 3, column: 20 },
  ...more,
});

/** What the specification asks for beyond the types: section numbers are those of SARIF 2.1.0. */
function problemsOf(log: ReturnType<typeof sarifOf>): string[] {
  const problems: string[] = [];
  const claim = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  claim(/^https:\/\/.*sarif-2\.1\.0\.json$/.test(log.$schema ?? ''), '$schema names the version (3.13.3)');
  for (const { tool, results = [], artifacts = [] } of log.runs) {
    const { name, semanticVersion, rules = [] } = tool.driver;
    claim(name !== '', 'the driver has a name (3.19.8)');
    claim(semanticVersion === undefined || /^\d+\.\d+\.\d+/.test(semanticVersion), 'a semantic version (3.19.12)');
    claim(new Set(rules.map(({ id }) => id)).size === rules.length, 'rules are listed once (3.19.23)');
    for (const { shortDescription } of rules)
      claim((shortDescription?.text ?? '').endsWith('.'), 'a description is a sentence (3.49.9)');
    for (const { ruleId, ruleIndex, message, locations = [], level } of results) {
      claim(rules[ruleIndex ?? -1]?.id === ruleId, 'the index is that of the rule (3.27.6)');
      claim((message.text ?? '') !== '', 'a message (3.27.11)');
      claim(['none', 'note', 'warning', 'error'].includes(level ?? ''), 'a level (3.27.10)');
      for (const { physicalLocation } of locations) {
        const { artifactLocation, region = {} } = physicalLocation ?? {};
        const uri = artifactLocation?.uri ?? '';
        claim(artifacts[artifactLocation?.index ?? -1]?.location?.uri === uri, 'the index is that of the file (3.4.5)');
        claim(uri !== '' && !/[\s\\#?]/.test(uri), 'a URI (3.4.3)');
        const { startLine = 0, startColumn = 0, endLine = startLine, endColumn = startColumn } = region;
        claim(startLine >= 1 && startColumn >= 1, 'lines and columns count from 1 (3.30.5)');
        claim(endLine > startLine || (endLine === startLine && endColumn >= startColumn), 'the end is behind (3.30.7)');
      }
    }
  }
  return problems;
}

describe('SARIF', () => {
  const log = sarifOf([
    { file: './src/my net#2.py', findings: [finding('IS101'), finding('IS003', { severity: 'info', line: 1 })] },
    { file: '/abs/net.py', findings: [finding('IS101', { severity: 'error', end: { line: 5, column: 2 } })] },
    { file: 'clean.py', findings: [] },
  ]);

  it('is as the specification asks', () => {
    expect(problemsOf(log)).toEqual([]);
  });

  it('has a rule for each code, and a place for each finding', () => {
    const [run] = log.runs;
    expect(run?.tool.driver.rules).toMatchObject([
      { id: 'IS003', name: 'GradientVanishes', defaultConfiguration: { level: 'warning' } },
      { id: 'IS101', name: 'XavierAfterRelu' },
    ]);
    expect(run?.artifacts?.map(({ location }) => location?.uri)).toEqual([
      'src/my%20net%232.py',
      'file:///abs/net.py',
      'clean.py',
    ]);
    expect(run?.results).toMatchObject([
      { ruleId: 'IS101', level: 'warning' },
      { ruleId: 'IS003', level: 'note' },
      { ruleId: 'IS101', level: 'error', locations: [{ physicalLocation: { region: { endLine: 5, endColumn: 2 } } }] },
    ]);
  });
});
