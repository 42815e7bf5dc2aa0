import { describe, expect, it } from 'vitest';
import { inspect, type Inspection } from '../../../src/core/inspect.js';
import { simulate } from '../../../src/core/propagation/simulate.js';
import { readFile } from '../../../src/core/read/read-file.js';

/** Programs that would take for ever, or fill memory, where each step alone does not look like it. */
const ENDLESS: Readonly<Record<string, string>> = {
  'a list of a billion': 'a = [0] * 10**9',
  'a text of ten billion': "a = 'a' * 10**10",
  'a text that doubles': "a = 'a'\nwhile True: a = a + a",
  'a list that doubles': 'a = [1]\nwhile True: a += a',
  'a range as a list': 'a = list(range(10**9))',
  'a slice of a range': 'a = range(10**9)[::2]\nb = list(a)',
  'an endless iterator': 'import itertools\na = max(itertools.count())',
  'many tuples': 'import itertools\na = list(itertools.product(range(10**4), repeat=3))',
  'an integer that squares': 'a = 3\nwhile True: a = a * a',
  'many digits': "a = '%.1000000000f' % 1.0",
  'a wide field': "a = f'{3:1000000000}'",
  'a tuple of a tuple twice, thirty times': 'a = ()\nfor i in range(30): a = (a, a)\nhash(a)',
  'a list of a list twice, thirty times': 'a = []\nfor i in range(30): a = [a, a]\nb = str(a)',
  'a pattern that explodes': "import re\na = re.match('(a+)+$', 'a' * 50 + 'b')",
  'arrays that add up': 'import numpy as np\na = [np.zeros(10**6) for i in range(3000)]',
  'an array repeated': 'import numpy as np\na = np.repeat(np.arange(10**6), 1000)',
  'tensors that add up': 'import torch\na = [torch.arange(10**4) for i in range(10**5)]',
  'a tensor cut into pieces': 'import torch\na = torch.zeros(10**8).split(1)',
  'a loop in a try': 'while True:\n  try:\n    a = 1 / 0\n  except Exception: pass',
};

const NET = `
import torch, torch.nn as nn
class Net(nn.Module):
  def __init__(self):
    super().__init__()
    self.fc = nn.Linear(8, 8)
  def forward(self, x):
    return self.fc(x)
`;

function read(text: string): Inspection {
  return inspect({ file: '/w/m.py', text }, { read: () => null, roots: ['/w'] });
}

describe('what takes for ever', () => {
  it.each(Object.entries(ENDLESS))('%s is given up, and what is after it is read', (_, text) => {
    const inspection = read(`${text}\n${NET}`);
    const classes = inspection.reports.map((r) => r.className);
    expect(classes.includes('Net') || inspection.failed.some((f) => f.reason.includes('stopped after'))).toBe(true);
    expect([...inspection.unknown].map((u) => u.reason).join()).not.toContain('InitScope failed');
  });

  it('a forward without an end shows what was found until then, and the line', () => {
    const [report] = read(NET.replace('return self.fc(x)', 'while True: x = self.fc(x)')).reports;
    expect(report?.layers.length).toBeGreaterThan(10);
    const stopped = report?.unknown.find((u) => u.reason.includes('stopped after'));
    expect(stopped?.range?.line).toBe(8);
  });

  it('a statement that takes all its time costs its own names only', () => {
    const { reports, unknown } = read(`def f(n): return f(n - 1) + f(n - 2) if n > 1 else 1\na = f(60)\n${NET}`);
    expect(unknown.map((u) => u.range?.line)).toContain(1);
    expect(reports).toHaveLength(1);
  });
});

describe('when there is no time left', () => {
  it('layers are listed and left unsimulated, with the reason', () => {
    const [model] = readFile({ file: '/w/m.py', text: NET }, { read: () => null, roots: ['/w'] }).models;
    const [layer] = simulate(model!, { isLate: () => true }).layers;
    expect(layer?.unknown).toContain('no time left');
    expect([layer?.forward, layer?.backward, layer?.recommended]).toEqual([undefined, undefined, undefined]);
  });
});
