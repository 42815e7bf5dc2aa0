import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/core/inspect.js';
import type { Report } from '../../../src/core/model/index.js';
import { reportToJson } from '../../../src/protocol/json.js';
import { parsePanelState, parseToHost, parseToPanel, type ToPanel } from '../../../src/protocol/panel.js';
import { mlpInspection } from '../../fixtures/mlp.js';

const show: ToPanel = {
  type: 'show',
  document: { uri: 'file:///models/mlp.py', path: '/models/mlp.py', name: 'mlp.py' },
  content: { kind: 'ready', ...mlpInspection() },
};

describe('messages to the panel', () => {
  it('survive the journey as JSON', () => {
    const parsed = parseToPanel(JSON.parse(JSON.stringify(show)));
    expect(parsed.ok && parsed.value).toMatchObject({ type: 'show', content: { kind: 'ready' } });
    if (!parsed.ok || parsed.value.type !== 'show' || parsed.value.content.kind !== 'ready')
      throw new Error('unreachable');
    expect(parsed.value.content.reports).toEqual(mlpInspection().reports);
  });

  it('lose nothing of what the command line prints', () => {
    const text =
      'from torch import nn\nmodel = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.LayerNorm(16), nn.Linear(16, 4))\n';
    const simulation = { engine: 'sampler', seeds: 2 } as const;
    const { reports } = inspect(
      { file: '/w/net.py', text, isAwaited: true, simulation },
      { read: () => null, roots: ['/w'] },
    );
    const ready = { kind: 'ready', reports, failed: [], syntaxProblems: [], unknown: [] };
    const parsed = parseToPanel(JSON.parse(JSON.stringify({ ...show, content: ready })));
    if (!parsed.ok || parsed.value.type !== 'show' || parsed.value.content.kind !== 'ready')
      throw new Error('unreachable');
    const json = (all: readonly Report[]): unknown =>
      JSON.parse(JSON.stringify(all.map((report) => reportToJson(report, 'net.py', [], []))));
    expect(reports).toHaveLength(1);
    expect(json(parsed.value.content.reports)).toEqual(json(reports));
  });

  it('carry what is not finite as NaN', () => {
    const text = JSON.stringify(show).replace(/"variance":[\d.e-]+/, '"variance":null');
    const parsed = parseToPanel(JSON.parse(text));
    if (!parsed.ok || parsed.value.type !== 'show' || parsed.value.content.kind !== 'ready')
      throw new Error('unreachable');
    expect(parsed.value.content.reports[0]?.layers[0]?.forward?.variance).toBeNaN();
  });

  it.each([
    ['nothing', undefined],
    ['text', 'show'],
    ['an unknown type', { type: 'destroy' }],
    ['a missing part', { type: 'show', content: { kind: 'busy' } }],
    ['a report of another schema', { ...show, content: { ...show.content, reports: [{ schema: 2 }] } }],
  ])('are refused when they are %s', (_, message) => {
    expect(parseToPanel(message).ok).toBe(false);
  });
});

describe('what comes back', () => {
  it('of an answer is a problem, or nothing', () => {
    for (const message of [
      { type: 'answered' },
      { type: 'answered', problem: 'read-only', line: '# initscope: input=1' },
    ])
      expect(parseToPanel(message)).toEqual({ ok: true, value: message });
    expect(parseToPanel({ type: 'select', ask: 'yes' }).ok).toBe(false);
  });
});

describe('messages to the host', () => {
  it('accepts a place to reveal', () => {
    const message = { type: 'reveal', range: { file: '/a.py', start: 1, end: 2, line: 1 }, focus: true };
    expect(parseToHost(message)).toEqual({ ok: true, value: message });
  });

  it('accepts an answer, and no book', () => {
    const message = { type: 'answer', about: 'Net(n)', entry: 'Net(3)', input: '1,3' };
    expect(parseToHost(message)).toEqual({ ok: true, value: message });
    expect(parseToHost({ ...message, entry: 'x'.repeat(3000) }).ok).toBe(false);
    expect(parseToHost({ ...message, about: undefined }).ok).toBe(false);
  });

  it('says what is wrong with a malformed one', () => {
    const parsed = parseToHost({ type: 'reveal', range: { file: 3 }, focus: true });
    expect(parsed.ok ? '' : parsed.problem).toMatch(/^range\.file: /);
  });
});

describe('the kept state', () => {
  it('needs at least the document', () => {
    expect(parsePanelState({ uri: 'file:///a.py' }).ok).toBe(true);
    expect(parsePanelState({ entry: 'Net()' }).ok).toBe(false);
    expect(parsePanelState(undefined).ok).toBe(false);
  });
});
