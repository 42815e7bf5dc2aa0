import { describe, expect, it } from 'vitest';
import { inspect, type Inspection } from '../../../src/core/inspect.js';
import { LastGood } from '../../../src/core/incremental/last-good.js';

const model = (name: string): string => `class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        nn.init.zeros_(self.fc.weight)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.fc(x).relu())


`;
const text = `import torch.nn as nn\n\n\n${model('First')}${model('Second')}`;

function typed(...texts: readonly string[]): Inspection {
  const lastGood = new LastGood();
  const results = texts.map((t) =>
    lastGood.complete(inspect({ file: 'net.py', text: t }, { read: () => null, roots: [''] }), t),
  );
  return results.at(-1)!;
}

/** The words that findings of a class underline, by the present text. */
function blamed({ reports }: Inspection, present: string): Record<string, string[]> {
  return Object.fromEntries(
    reports.map((r) => [
      r.className,
      r.findings.map(({ range }) => `${range?.line}: ${present.slice(range?.start, range?.end)}`),
    ]),
  );
}

describe('half-typed code', () => {
  it('keeps what was found in the classes that it hides, at the places they have now', () => {
    const broken = text.replace('import torch.nn as nn\n', 'import torch.nn as nn\nx = """half a string\n');
    const result = typed(text, broken);
    expect(result.syntaxProblems.length).toBeGreaterThan(0);
    expect(blamed(result, broken)).toEqual({
      First: ['9: nn.init.zeros_(self.fc.weight)'],
      Second: ['20: nn.init.zeros_(self.fc.weight)'],
    });
  });

  it('leaves a class alone that can be read', () => {
    const fixed = text
      .replace('zeros_(self.fc', 'orthogonal_(self.fc')
      .replace('Second(nn.Module):', 'Second(nn.Module:');
    expect(blamed(typed(text, fixed), fixed)['First']).toEqual([]);
  });

  it('forgets a class whose definition was rewritten', () => {
    const broken = text.replace('class Second', 'y = (\nclass Third');
    expect(typed(text, broken).reports.map((r) => r.className)).not.toContain('Second');
  });

  it('has nothing to keep in a file that was never readable', () => {
    expect(typed('class A(:\n').reports).toEqual([]);
  });
});
