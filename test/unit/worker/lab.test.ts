import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { parseFromLabPage, parseLabState, parseToLabPage, type LabStart } from '../../../src/protocol/lab/index.js';
import type { WorkerReply } from '../../../src/protocol/worker.js';
import { Lab } from '../../../src/worker/lab.js';

const file = (name: string): Uint8Array => readFileSync(new URL(`../../../media/digits/${name}`, import.meta.url));

const symmetry: LabStart = {
  experiment: 'symmetry',
  settings: { hidden: [2], activation: 'relu', alpha: 0.5, nudge: 0, learningRate: 0.5, seed: 1 },
  links: 'both',
};
const digits: LabStart = {
  experiment: 'digits',
  settings: { start: 'xavier', hidden: [20], learningRate: 0.3, seed: 1 },
};

function started() {
  const replies: WorkerReply[] = [];
  const lab = new Lab((reply) => replies.push(reply));
  const frames = () => replies.filter((r) => r.kind === 'labFrame');
  return { lab, replies, frames };
}

describe('the Lab’s worker', () => {
  it('tells each frame in the form that the page accepts', () => {
    const { lab, frames } = started();
    lab.handle({ kind: 'labImages', images: file('images.idx3-ubyte'), labels: file('labels.idx1-ubyte') });
    const race: LabStart = {
      experiment: 'race',
      settings: { data: 'teacher', learningRate: 0.1, momentum: 0, seeds: 2, seed: 1 },
      subject: { kind: 'sizes', widths: [4, 8, 3], activation: 'relu' },
      lanes: ['current', 'recommended', 'zeros', 'normalTenth', 'orthogonal', 'he'],
    };
    const all: LabStart[] = [
      symmetry,
      digits,
      race,
      { experiment: 'scale', settings: { data: 'moons', start: 'he', hidden: [6, 3], learningRate: 0.3, seed: 1 } },
      { experiment: 'products', settings: { g: 1.5, widths: [8, 8, 8], seed: 1 } },
      { experiment: 'regimes', settings: { activation: 'gelu', start: 'he', fanIns: [50, 40], seed: 1 } },
      {
        experiment: 'derivation',
        settings: {
          widths: [20, 30, 20],
          product: 1,
          keeps: 'both',
          activation: 'tanh',
          inputStd: 1,
          zeroMean: true,
          independent: false,
          seed: 1,
        },
      },
    ];
    all.forEach((what, id) => {
      expect(parseFromLabPage({ type: 'start', run: id, what, play: false })).toMatchObject({ ok: true });
      lab.handle({ kind: 'labStart', id, what, play: false });
      lab.handle({ kind: 'labStep' });
    });
    expect(frames()).toHaveLength(2 * all.length);
    for (const { id: run, isPlaying, isOver, data } of frames()) {
      expect(parseToLabPage({ type: 'frame', run, isPlaying, isOver, data })).toMatchObject({ ok: true });
      expect(data.experiment).toBe(all[run]?.experiment);
    }
  });

  it('plays, pauses, and goes on only while the page keeps up', async () => {
    const { lab, frames } = started();
    lab.handle({ kind: 'labImages', images: file('images.idx3-ubyte'), labels: file('labels.idx1-ubyte') });
    lab.handle({ kind: 'labStart', id: 1, what: digits, play: true });
    lab.handle({ kind: 'labSeen' });
    await vi.waitUntil(() => frames().length === 2, { timeout: 10_000 });
    // The second frame was not drawn: training goes on, frames don't.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(frames()).toHaveLength(2);
    lab.handle({ kind: 'labSeen' });
    await vi.waitUntil(() => frames().length === 3, { timeout: 10_000 });
    lab.handle({ kind: 'labPause' });
    const count = frames().length;
    expect(frames().at(-1)).toMatchObject({ isPlaying: false });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(frames()).toHaveLength(count);
  });

  it('says why an experiment can’t be set up, and is ready for the next', () => {
    const { lab, replies, frames } = started();
    lab.handle({ kind: 'labStart', id: 7, what: digits, play: true });
    expect(replies).toEqual([{ kind: 'failed', id: 7, message: 'the images of digits are not here' }]);
    lab.handle({ kind: 'labStart', id: 8, what: symmetry, play: false });
    expect(frames()).toHaveLength(1);
  });

  it('keeps its images when others can’t be read', () => {
    const { lab, replies, frames } = started();
    lab.handle({ kind: 'labImages', images: file('images.idx3-ubyte'), labels: file('labels.idx1-ubyte') });
    lab.handle({ kind: 'labImages', images: new Uint8Array(3), labels: new Uint8Array(3) });
    expect(replies.at(-1)).toMatchObject({ kind: 'labImages', problem: expect.stringContaining('idx') as string });
    lab.handle({ kind: 'labStart', id: 1, what: digits, play: false });
    expect(frames()).toHaveLength(1);
  });
});

describe('messages of the Lab', () => {
  it.each([
    ['no message', 7],
    ['an unknown one', { type: 'shout' }],
    ['an unknown experiment', { type: 'start', run: 1, play: true, what: { experiment: 'alchemy', settings: {} } }],
    [
      'sizes out of bounds',
      { type: 'start', run: 1, play: true, what: { ...digits, settings: { ...digits.settings, hidden: [1e9] } } },
    ],
    [
      'no number',
      { type: 'start', run: 1, play: true, what: { ...symmetry, settings: { ...symmetry.settings, alpha: NaN } } },
    ],
  ])('from the page, %s is refused with its reason', (_, message) => {
    const parsed = parseFromLabPage(message);
    expect(parsed.ok ? '' : parsed.problem).not.toBe('');
  });

  it('a state that another version wrote is not taken', () => {
    expect(
      parseLabState({ experiment: 'digits', starts: [{ experiment: 'digits', settings: { start: 'xavier' } }] }).ok,
    ).toBe(false);
    expect(parseLabState({ experiment: 'digits', starts: [digits] }).ok).toBe(true);
  });
});
