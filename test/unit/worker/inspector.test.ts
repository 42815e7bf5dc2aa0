import { describe, expect, it } from 'vitest';
import type { InspectMessage, InspectTask, WorkerReply } from '../../../src/protocol/worker.js';
import { Inspector } from '../../../src/worker/inspector.js';

const text = `from torch import nn
from parts import width


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)
        self.third = nn.Linear(width, width)
        nn.init.xavier_normal_(self.second.weight)

    def forward(self, x):
        return self.third(self.second(self.first(x).relu()).relu())


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        return self.fc(x)
`;

/** What the worker answers to some messages. */
function told(...messages: readonly InspectMessage[]): WorkerReply[] {
  const replies: WorkerReply[] = [];
  const inspector = new Inspector((reply) => replies.push(reply));
  for (const message of messages) inspector.handle(message);
  return replies;
}

const task = (id: number, given = text): InspectTask => ({
  id,
  request: { file: '/w/net.py', text: given, isAwaited: true },
  roots: ['/w'],
});
const inspect = (id: number, given = text): InspectMessage => ({ kind: 'inspect', ...task(id, given) });
const files = (width: number): InspectMessage => ({
  kind: 'files',
  files: { '/w/parts.py': `width = ${width}\n`, '/w/parts/__init__.py': null },
});
const place = text.indexOf('nn.init.xavier');
const edits = (id: number): InspectMessage => ({
  kind: 'edits',
  wanted: { on: 'place', start: place, end: place },
  ...task(id),
});

describe('Inspector', () => {
  it('tells reports one by one, then what else is known', () => {
    const [first, second, done, ...more] = told(files(64), inspect(1));
    expect(first).toMatchObject({ kind: 'report', id: 1, report: { className: 'Net' } });
    expect(second).toMatchObject({ kind: 'report', id: 1, report: { className: 'Other' } });
    expect(done).toMatchObject({ kind: 'done', id: 1, inspection: { reports: [], needs: [] } });
    expect(done).toMatchObject({ read: expect.arrayContaining(['/w/parts.py']) as unknown });
    expect(more).toEqual([]);
  });

  it('writes edits for the last inspection, and inspects where there was none', () => {
    const after = told(files(64), inspect(1), edits(2)).at(-1);
    expect(after).toMatchObject({ kind: 'edits', id: 2 });
    const titles = after?.kind === 'edits' ? after.offered.fixes.map(({ code }) => code) : [];
    expect(titles).toContain('IS101');
    expect(told(files(64), edits(2))).toEqual([after]);
    expect(told(files(64), inspect(1, `${text}#\n`), edits(2)).at(-1)).toEqual(after);
  });

  it('writes none that a changed file has made wrong', () => {
    const [early, late] = [64, 128].map((width) =>
      told(files(64), inspect(1), files(width), {
        ...edits(2),
        wanted: { on: 'models', entry: 'Net()' },
      } as InspectMessage).at(-1),
    );
    expect(early).toMatchObject({ kind: 'edits' });
    expect(late).toEqual(
      told(files(128), { ...edits(2), wanted: { on: 'models', entry: 'Net()' } } as InspectMessage).at(-1),
    );
  });
});
