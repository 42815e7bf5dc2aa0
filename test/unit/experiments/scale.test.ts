import { describe, expect, it } from 'vitest';
import { runScale, SCALE, type ScaleFrame, type ScaleSettings } from '../../../src/core/experiments/lab/scale.js';
import { typescriptKernels } from '../../../src/core/propagation/kernels/index.js';

const exact = typescriptKernels(2 ** 26);

function after(steps: number, settings: Partial<ScaleSettings>): ScaleFrame {
  const run = runScale({ ...SCALE, ...settings }, { exact, fast: exact });
  for (let i = 0; i < steps && !run.isOver; i++) run.step();
  return run.frame();
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
const SEEDS = [1, 2, 3, 4, 5];
const losses = (start: ScaleSettings['start'], data: ScaleSettings['data']): number =>
  median(SEEDS.map((seed) => after(200, { start, data, seed }).loss));

describe('weights too small, right, too large', () => {
  // Medians over five draws: with 6 and 3 rectifiers, single draws may be dead from the start.
  it.each(['circle', 'squares'] as const)(
    '%s: right learns, small waits, large is worse than right, zero stays',
    (data) => {
      const right = losses('right', data);
      expect(right).toBeLessThan(0.35);
      expect(losses('small', data)).toBeGreaterThan(right + 0.25);
      expect(losses('large', data)).toBeGreaterThan(right + 0.1);
      expect(losses('zero', data)).toBeCloseTo(Math.LN2, 2);
      expect(losses('he', data)).toBeLessThan(0.35);
      expect(losses('xavier', data)).toBeLessThan(0.35);
    },
  );

  it('too large starts saturated, with a loss far above guessing', () => {
    const large = after(0, { start: 'large', seed: 2 });
    expect(large.saturated).toBeGreaterThan(0.5);
    expect(large.loss).toBeGreaterThan(5 * Math.LN2);
    const right = after(0, { start: 'right', seed: 2 });
    expect(right.saturated).toBe(0);
  });

  it('with a large step it ends with dead units', () => {
    const frame = after(200, { start: 'large', learningRate: 1, data: 'squares' });
    // All three of the second layer: nothing reaches the first any more.
    expect(frame.dead).toBeGreaterThanOrEqual(3 / 9);
    expect(['still', 'stuck']).toContain(frame.verdict);
  });

  it('the words follow the curve', () => {
    expect(after(5, { start: 'right', seed: 2 }).verdict).toBe('starting');
    expect(after(300, { start: 'right', seed: 2 }).verdict).toBe('learning');
    expect(after(300, { start: 'zero' }).verdict).toBe('still');
    expect(after(200, { start: 'small', seed: 2, data: 'moons' }).verdict).toBe('slow');
  });

  it('the surface is the output over the plane', () => {
    const frame = after(400, { start: 'he', seed: 2, data: 'gaussians' });
    const at = (x: number, y: number): number => {
      const cell = (v: number): number => Math.floor(((v + 1.5) / 3) * frame.grid);
      return frame.surface[cell(-y) * frame.grid + cell(x)]!;
    };
    expect(at(0.6, 0.6)).toBeGreaterThan(0.9);
    expect(at(-0.6, -0.6)).toBeLessThan(0.1);
  });
});
