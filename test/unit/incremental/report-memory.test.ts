import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReportMemory } from '../../../src/core/incremental/report-memory.js';
import { inspect, inspectModels, type Inspection, type InspectRequest } from '../../../src/core/inspect.js';
import { filesBeside, sourcesIn } from '../../golden/golden.js';

/** Something that a person does to a file: where, in [0, 1) of its lines, and what. */
interface Edit {
  readonly at: number;
  readonly kind: 'blank line' | 'comment' | 'repeat' | 'take out' | 'other number' | 'indent';
}

function edited(text: string, { at, kind }: Edit): string {
  const lines = text.split('\n');
  const i = Math.floor(at * lines.length);
  const line = lines[i] ?? '';
  const to: Record<Edit['kind'], readonly string[]> = {
    'blank line': ['', line],
    comment: [`${line}  # typed`],
    repeat: [line, line],
    'take out': [],
    'other number': [line.replace(/\d+/, (n) => String(Number(n) + 1))],
    indent: [`    ${line}`],
  };
  return [...lines.slice(0, i), ...to[kind], ...lines.slice(i + 1)].join('\n');
}

const edits = fc.array(
  fc.record<Edit>({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    kind: fc.constantFrom('blank line', 'comment', 'repeat', 'take out', 'other number', 'indent'),
  }),
  { minLength: 1, maxLength: 5 },
);

const workspace = (files: ReadonlyMap<string, string>) => ({
  read: (path: string) => files.get(path) ?? null,
  roots: [''],
  users: () => [...files.keys()],
});

function told({ milliseconds: _, ...inspection }: Inspection): unknown {
  return JSON.parse(JSON.stringify(inspection));
}

/** A third of the files, each with a few random edits one after the other: all of them would take minutes. */
const sources = ['models', 'findings']
  .flatMap((folder) => sourcesIn(folder))
  .filter((s, i) => i % 3 === 0 && s.name.endsWith('.py'));

describe('reports kept from one inspection to the next', () => {
  it.each(sources)('are what a full inspection gives, after any edits of $name', (source) => {
    const files = workspace(filesBeside(source));
    fc.assert(
      fc.property(edits, (all) => {
        const memory = new ReportMemory();
        let { text } = source;
        for (const edit of all) {
          text = edited(text, edit);
          const request: InspectRequest = { file: source.name, text, now: () => 0 };
          expect(told(inspectModels(request, files, memory).inspection)).toEqual(told(inspect(request, files)));
        }
      }),
      { numRuns: 2, seed: 5 },
    );
  });

  const first =
    'class First(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)\n\n    def forward(self, x):\n        return self.fc(x)\n\n';
  const text = `import torch.nn as nn\n\n${first}${first.replaceAll('First', 'Second')}`;

  it('are given again at their new places, with no simulation', () => {
    const memory = new ReportMemory();
    const run = (now: string) => inspectModels({ file: 'net.py', text: now }, workspace(new Map()), memory).inspection;
    const [before] = run(text).reports;
    expect(run(text).reports[0]?.layers).toBe(before?.layers);
    const moved = run(`# a comment\n${text}`).reports;
    expect(moved[0]?.definedAt?.line).toBe(4);
    // Numbers are the very same objects.
    expect(moved[0]?.layers[0]?.forward).toBe(before?.layers[0]?.forward);
    const changed = run(text.replace('Linear(8, 8)', 'Linear(8, 8, bias=False)')).reports;
    expect(changed[0]?.layers[0]?.forward).not.toBe(before?.layers[0]?.forward);
    expect(changed[1]?.layers[0]?.forward).toBe(run(text).reports[1]?.layers[0]?.forward);
  });
});
