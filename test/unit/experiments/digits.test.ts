import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readIdx } from '../../../src/core/experiments/data/idx.js';
import { DIGITS, runDigits, type DigitsFrame, type DigitsSettings } from '../../../src/core/experiments/lab/digits.js';
import { activationMoments, activationNamed } from '../../../src/core/propagation/activations/index.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const file = (name: string): Uint8Array => readFileSync(new URL(`../../../media/digits/${name}`, import.meta.url));
const images = readIdx(file('images.idx3-ubyte'), file('labels.idx1-ubyte'));
const fast = createKernels({ limit: 2 ** 28 });

function after(steps: number, start: DigitsSettings['start']): DigitsFrame {
  const run = runDigits({ ...DIGITS, start }, images, { exact: fast, fast });
  for (let i = 0; i < steps && !run.isOver; i++) run.step();
  return run.frame();
}

describe('digits', () => {
  it('are the 1,797 images that ship', () => {
    expect(images.labels).toHaveLength(1797);
    expect([images.rows, images.columns]).toEqual([8, 8]);
    expect([...images.labels.subarray(0, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('Xavier is under 5 % wrong after 150 batches; zero does not learn, N(0, 1) hardly', { timeout: 120_000 }, () => {
    expect(after(150, 'xavier').error).toBeLessThan(0.05);
    expect(after(150, 'zero').error).toBeGreaterThan(0.8);
    expect(after(150, 'standardNormal').error).toBeGreaterThan(0.6);
  });

  it('zero weights give zero signals and no gradient', () => {
    for (const layer of after(3, 'zero').layers) {
      expect(layer.activationStd).toBe(0);
      expect(layer.gradientStd).toBe(0);
    }
  });

  it('N(0, 1) saturates nine units in ten', () => {
    const [, second] = after(1, 'standardNormal').layers;
    expect(second?.saturated).toBeGreaterThan(0.85);
  });

  it('signals are those that the theory of wide layers gives', () => {
    const { layers } = after(1, 'uniformByFan');
    const tanh = activationNamed('tanh')!;
    // The images' pixels are standardized, so E[x²] = 1; each weight has variance 1/(3n).
    let second = 1;
    layers.forEach((layer) => {
      second = activationMoments(tanh, 0, second / 3).second;
      // One draw of 300 units and 100 images that are alike: within 15 %.
      expect(Math.abs(layer.activationStd / Math.sqrt(second) - 1)).toBeLessThan(0.15);
      expect(layer.activations.limit).toBe(1);
      expect(layer.activations.counts.reduce((a, b) => a + b, 0)).toBe(300 * 100);
    });
  });

  it('shows images with their answers', () => {
    const { shown } = after(150, 'xavier');
    expect(shown.labels).toHaveLength(40);
    expect(shown.labels.filter((label, i) => label === shown.answers[i]).length).toBeGreaterThan(35);
    expect(shown.pixels).toHaveLength(40 * 64);
    expect(Math.max(...shown.pixels)).toBe(255);
  });
});

describe('idx files', () => {
  const header = (...numbers: number[]): Uint8Array => {
    const out = new Uint8Array(4 * numbers.length);
    numbers.forEach((n, i) => {
      new DataView(out.buffer).setUint32(4 * i, n);
    });
    return out;
  };
  const labels = new Uint8Array([...header(0x801, 1), 7]);

  it('are read', () => {
    const read = readIdx(new Uint8Array([...header(0x803, 1, 1, 2), 5, 6]), labels);
    expect(read).toEqual({ rows: 1, columns: 2, pixels: Uint8Array.of(5, 6), labels: Uint8Array.of(7) });
  });

  it.each([
    ['compressed', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gunzip'],
    ['something else', new TextEncoder().encode('hello, world'), 'not an idx file'],
    ['labels for images', labels, '1 axes; 3 were expected'],
    ['cut off', header(0x803, 1, 1, 2), 'shorter than it says'],
    ['too many', new Uint8Array([...header(0x803, 2, 1, 1), 5, 6]), '2 images, but 1 labels'],
    ['empty', header(0x803, 0, 0, 0), '0 images, but 1 labels'],
  ])('say what is wrong with them: %s', (_, file, message) => {
    expect(() => readIdx(file, labels)).toThrow(message);
  });
});
