import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { LabImages } from '../../../src/host/lab/labImages.js';
import type { LabMessage, WorkerReply } from '../../../src/protocol/worker.js';
import { Lab } from '../../../src/worker/lab.js';
import { Uri } from '../../support/vscode.js';

const shipped = (name: string): Uint8Array => readFileSync(new URL(`../../../media/digits/${name}`, import.meta.url));
const images = shipped('images.idx3-ubyte');
const labels = shipped('labels.idx1-ubyte');

/** Files by name, and which of them the user picks, dialog by dialog. */
const disk = vi.hoisted(() => ({
  files: new Map<string, Uint8Array>(),
  sizes: new Map<string, number>(),
  picked: [] as (readonly string[])[],
  asked: [] as string[],
}));

vi.mock('vscode', async () => {
  const api = await import('../../support/vscode.js');
  const bytesOf = (uri: Uri): Uint8Array => disk.files.get(uri.path.split('/').at(-1) ?? '') ?? new Uint8Array();
  return {
    ...api,
    workspace: {
      fs: {
        stat: (uri: Uri) =>
          Promise.resolve({ size: disk.sizes.get(uri.path.split('/').at(-1) ?? '') ?? bytesOf(uri).length }),
        readFile: (uri: Uri) => Promise.resolve(bytesOf(uri)),
      },
    },
    window: {
      showOpenDialog: ({ title }: { title: string }) => {
        disk.asked.push(title);
        return Promise.resolve(disk.picked.shift()?.map((name) => api.Uri.parse(`file:///home/me/${name}`)));
      },
    },
  };
});

/** The Lab's images with a worker behind them, which answers as the real one does. */
function world() {
  const replies: WorkerReply[] = [];
  const lab = new Lab((reply) => replies.push(reply));
  const sent: LabMessage[] = [];
  const own = new LabImages(Uri.parse('file:///extension') as unknown as vscode.Uri, {
    post(message) {
      sent.push(message);
      lab.handle(message);
    },
  });
  /** What the panel does with each answer. */
  const settle = () =>
    replies.splice(0).map((reply) => {
      const problem = reply.kind === 'labImages' ? reply.problem : undefined;
      return { used: own.settle(problem === undefined)?.name, problem };
    });
  return { own, sent, settle };
}

const idx = (type: number, sizes: readonly number[], length: number, fill = 0): Uint8Array => {
  const out = new Uint8Array(4 + 4 * sizes.length + length).fill(fill);
  const view = new DataView(out.buffer);
  [type, ...sizes].forEach((n, i) => {
    view.setUint32(4 * i, n);
  });
  return out;
};

beforeEach(() => {
  disk.files = new Map([
    ['images.idx3-ubyte', images],
    ['labels.idx1-ubyte', labels],
  ]);
  disk.sizes = new Map();
  disk.picked = [];
  disk.asked = [];
});

describe('images that the user picks', () => {
  it.each([
    ['unpacked', (bytes: Uint8Array) => bytes],
    ['compressed, as MNIST is handed out', (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))],
  ])('are taken: %s, in any order', async (_, pack) => {
    const { own, settle } = world();
    disk.files.set('train-labels', pack(idx(0x801, [3], 3, 7)));
    disk.files.set('train-images', pack(idx(0x803, [3, 28, 28], 3 * 28 * 28)));
    disk.picked = [['train-labels', 'train-images']];
    await own.choose();
    expect(settle()).toEqual([
      { used: 'UCI optical digits', problem: undefined },
      { used: 'train-images', problem: undefined },
    ]);
    await own.provide();
    expect(settle()).toEqual([]);
    await own.useShipped();
    expect(settle()).toEqual([{ used: 'UCI optical digits', problem: undefined }]);
  });

  it('are asked for one by one where the dialog takes but one file', async () => {
    const { own, sent, settle } = world();
    disk.files.set('x', idx(0x803, [1, 8, 8], 64)).set('y', idx(0x801, [1], 1));
    for (const order of [
      ['x', 'y'],
      ['y', 'x'],
    ]) {
      disk.picked = order.map((name) => [name]);
      await own.choose();
      expect(settle().at(-1)).toEqual({ used: 'x', problem: undefined });
    }
    expect(disk.asked.slice(1, 2)).toEqual(['Now choose its labels']);
    expect(disk.asked.slice(3)).toEqual(['Now choose the images to these labels']);
    disk.picked = [['x']];
    sent.length = 0;
    await own.choose();
    expect(sent).toEqual([]);
  });

  it('change nothing when the user changes their mind', async () => {
    const { own, sent } = world();
    await own.choose();
    expect(sent).toEqual([]);
  });

  it.each([
    ['labels only', { labels: idx(0x801, [3], 3), more: idx(0x801, [3], 3) }, /two idx files/],
    ['something else', { a: new TextEncoder().encode('hello'), b: new Uint8Array() }, /two idx files/],
    ['damaged', { a: Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3), labels: idx(0x801, [3], 3) }, /a can’t be unpacked/],
    [
      'cut off',
      { a: new Uint8Array(gzipSync(images)).subarray(0, 2000), labels: idx(0x801, [3], 3) },
      /a can’t be unpacked: it is damaged or was cut off/,
    ],
  ])('are refused in words: %s', async (_, files, words) => {
    const { own, sent } = world();
    for (const [name, bytes] of Object.entries<Uint8Array>(files)) disk.files.set(name, bytes);
    disk.picked = [Object.keys(files)];
    await expect(own.choose()).rejects.toThrow(words);
    expect(sent).toEqual([]);
  });

  it('are refused when they are huge, packed or unpacked', async () => {
    const { own } = world();
    disk.files.set('bomb.gz', new Uint8Array(gzipSync(new Uint8Array(129 * 2 ** 20), { level: 1 })));
    disk.picked = [['bomb.gz']];
    await expect(own.choose()).rejects.toThrow('bomb.gz is larger than 128 MB');
    disk.sizes.set('huge', 2 ** 40);
    disk.picked = [['huge']];
    await expect(own.choose()).rejects.toThrow('huge is larger than 128 MB');
  });

  it.each([
    ['fewer labels', idx(0x803, [3, 8, 8], 192), idx(0x801, [2], 2), 'there are 3 images, but 2 labels'],
    ['cut off', idx(0x803, [3, 8, 8], 100), idx(0x801, [3], 3), 'shorter than it says'],
    ['photographs', idx(0x803, [1, 512, 512], 512 * 512), idx(0x801, [1], 1), '512 × 512 pixels; up to 64 × 64'],
    ['letters', idx(0x803, [1, 8, 8], 64), idx(0x801, [1], 1, 26), 'labels go from 0 to 9'],
  ])('leave those before in use when the worker refuses them: %s', async (_, broken, theirs, words) => {
    const { own, sent, settle } = world();
    disk.files.set('mine', idx(0x803, [1, 8, 8], 64)).set('mine-labels', idx(0x801, [1], 1));
    disk.picked = [['mine', 'mine-labels']];
    await own.choose();
    settle();
    disk.files.set('broken', broken).set('theirs', theirs);
    disk.picked = [['broken', 'theirs']];
    await own.choose();
    const [answer] = settle();
    expect(answer?.problem).toContain(words);
    expect(answer?.used).toBe('mine');
    // Another worker is given the same again.
    sent.length = 0;
    own.forget();
    await own.provide();
    expect(settle()).toEqual([{ used: 'mine', problem: undefined }]);
    expect(sent).toHaveLength(1);
  });
});
