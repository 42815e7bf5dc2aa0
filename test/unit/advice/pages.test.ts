import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/core/advice/findings/table.js';
import { inspect } from '../../../src/core/inspect.js';
import type { Finding } from '../../../src/core/model/index.js';

/** The pages in docs/rules/: their first Python block is the mistake, the second its remedy. */
function page(name: string): string {
  const file = fileURLToPath(new URL(`../../../docs/rules/${name}.md`, import.meta.url));
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}

function pythonBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```python\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** A clock that stands: what is found must not depend on how busy the machine is. */
const now = (): number => 0;

function findingsIn(text: string): Finding[] {
  const { findings, reports } = inspect({ file: 'net.py', text, now }, { read: () => null, roots: [''] });
  return [...findings, ...reports.flatMap((r) => r.findings)];
}

describe('the index of rules', () => {
  const rows = page('README')
    .split('\n')
    .filter((line) => line.startsWith('| [IS'));

  it('lists every rule once, by code', () => {
    const codes = RULES.map((r) => r.code).sort();
    expect(rows.map((row) => row.slice(3, 8))).toEqual(codes);
  });

  it.each(RULES)('tells the name and severity of $code', ({ code, name, severity }) => {
    expect(rows.find((row) => row.startsWith(`| [${code}](${code}.md) | \`${name}\` | ${severity} | `))).toBeDefined();
  });
});

describe.each(RULES)('the page of $code', ({ code, name, severity }) => {
  const markdown = page(code);
  const [mistake = '', remedy = ''] = pythonBlocks(markdown);

  it('begins with its code, name and severity', () => {
    expect(markdown).toMatch(new RegExp(`^# ${code} · .+\n\n\`${name}\` · ${severity}`));
  });

  it('shows a mistake that gives this finding only, with the message it quotes', () => {
    const findings = findingsIn(mistake);
    expect(findings.map((f) => f.code)).toEqual([code]);
    expect(markdown).toContain(`\`\`\`text\n${findings[0]?.message}\n\`\`\`\n`);
  });

  it('shows a remedy that gives no finding, of a model that is read', () => {
    expect(findingsIn(remedy)).toEqual([]);
    const { reports, failed } = inspect({ file: 'net.py', text: remedy, now }, { read: () => null, roots: [''] });
    expect(failed).toEqual([]);
    expect(reports.length).toBeGreaterThan(0);
  });
});
