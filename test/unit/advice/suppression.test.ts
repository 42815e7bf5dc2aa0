import { describe, expect, it } from 'vitest';
import { inspect, type Inspection } from '../../../src/core/inspect.js';
import type { Finding } from '../../../src/core/model/index.js';

interface Marks {
  readonly file?: string;
  readonly aboveClass?: string;
  readonly class?: string;
  readonly init?: string;
  readonly above?: string;
  readonly line?: string;
  readonly last?: string;
}

/** A model with Xavier before ReLU, on `xavier_normal_(self.first…` and over three lines on `self.second`. */
function source(marks: Marks): string {
  const behind = (mark: string | undefined): string => (mark === undefined ? '' : `  ${mark}`);
  const lines = [
    marks.file,
    'import torch.nn as nn',
    '',
    marks.aboveClass,
    `class Net(nn.Module):${behind(marks.class)}`,
    `    def __init__(self):${behind(marks.init)}`,
    '        super().__init__()',
    "        self.note = '# initscope: ignore-file'",
    '        self.net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))',
    marks.above && `        ${marks.above}`,
    `        nn.init.xavier_normal_(self.net[2].weight)${behind(marks.line)}`,
    '        nn.init.xavier_normal_(',
    '            self.net[4].weight,',
    `        )${behind(marks.last)}`,
    '',
    '    def forward(self, x):',
    '        return self.net(x)',
    '',
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function inspected(text: string, severity = {}): Inspection {
  return inspect({ file: 'net.py', text, severity, now: () => 0 }, { read: () => null, roots: [''] });
}

function codes(text: string, severity = {}): string[] {
  const { findings, reports } = inspected(text, severity);
  return [...reports.flatMap((r) => r.findings), ...findings].map((f: Finding) => f.code);
}

describe('a comment', () => {
  it('is not needed where nothing is left out', () => {
    expect(codes(source({}))).toEqual(['IS101', 'IS101']);
  });

  it.each([
    ['behind the line', { line: '# initscope: ignore[IS101]' }],
    ['behind the line, after another comment', { line: '# as in the paper # initscope: ignore[IS101]' }],
    ['in the line above', { above: '# initscope: ignore[IS101, IS102]' }],
    ['without codes', { line: '# initscope: ignore' }],
    ['behind the bracket that ends the call', { last: '#initscope:ignore[IS101]' }],
  ] as const)('%s leaves out the finding of that line', (_, marks) => {
    expect(codes(source(marks)).filter((code) => code === 'IS101')).toEqual(['IS101']);
  });

  it.each([
    ['on the line of the class', { class: '# initscope: ignore[IS101]' }],
    ['on the line of the function', { init: '# initscope: ignore' }],
    ['for the file', { file: '# initscope: ignore-file[IS101]' }],
    ['for the file, anywhere', { above: '# initscope: ignore-file' }],
    ['before the first statement', { file: '# initscope: ignore[IS101]' }],
  ] as const)('%s leaves out those of the whole of it', (_, marks) => {
    expect(codes(source(marks))).toEqual([]);
  });

  it('for another rule, or another line, leaves it in and is told to be idle', () => {
    expect(codes(source({ line: '# initscope: ignore[IS102]' }))).toEqual(['IS101', 'IS101', 'IS009']);
    expect(codes(source({ aboveClass: '# initscope: ignore' }))).toEqual(['IS101', 'IS101', 'IS009']);
  });

  it('of which one code is idle is told by that code', () => {
    const { findings } = inspected(source({ class: '# initscope: ignore[IS101, IS999]' }));
    expect(findings.map((f) => f.message)).toEqual(['Nothing is left out by `IS999`: IS999 names no rule.']);
    expect(findings[0]?.severity).toBe('hint');
  });

  it('is not called idle while a model cannot be built', () => {
    const text = source({ line: '# initscope: ignore[IS102]' }).replace('super()', 'missing()');
    expect(codes(text)).not.toContain('IS009');
  });

  it('in a notebook speaks of its own cell', () => {
    const [head = '', rest = ''] = source({ line: '# initscope: ignore' }).split('class Net');
    const cells = [head, `class Net${rest}`].map((source) => ({ cell_type: 'code', source }));
    const { reports, findings } = inspect(
      { file: 'net.ipynb', text: JSON.stringify({ cells }) },
      { read: () => null, roots: [''] },
    );
    expect(reports.flatMap((r) => r.findings.map((f) => f.range?.line))).toEqual([7]);
    expect(findings).toEqual([]);
  });
});

describe('severities of the user', () => {
  it('hold by code and by name', () => {
    const severityOf = (severity: object): (string | undefined)[] =>
      inspected(source({}), severity).reports.flatMap((r) => r.findings.map((f) => f.severity));
    expect(severityOf({ IS101: 'error' })).toEqual(['error', 'error']);
    expect(severityOf({ 'xavier-after-relu': 'hint' })).toEqual(['hint', 'hint']);
    expect(severityOf({ IS101: 'off' })).toEqual([]);
  });

  it('do not make a comment idle', () => {
    expect(codes(source({ class: '# initscope: ignore[IS101]' }), { IS101: 'off' })).toEqual([]);
  });
});
