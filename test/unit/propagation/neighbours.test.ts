import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './builder.js';

/** Rows of bilinear interpolation with aligned corners along one axis. */
function bilinear(size: number, out: number): number[][] {
  return Array.from({ length: out }, (_, o) => {
    const place = (o * (size - 1)) / (out - 1);
    const below = Math.min(size - 1, Math.floor(place));
    const row = new Array<number>(size).fill(0);
    row[below] = 1 - (place - below);
    if (below + 1 < size) row[below + 1] = place - below;
    return row;
  });
}

function times(a: number[][], b: number[][]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)));
}

function meanSquare(m: number[][]): number {
  return m.reduce((s, row) => s + row.reduce((t, v) => t + v * v, 0), 0) / m.length;
}

function resized(b: GraphBuilder, x: number, size: number): number {
  const [n, c] = b.shape(x) as [number, number];
  return b.node(
    { kind: 'resize', mode: 'bilinear', alignCorners: true, output: [size, size] },
    [x],
    [n, c, size, size],
  );
}

describe('bilinear interpolation', () => {
  const b = new GraphBuilder();
  const x = b.input([8, 32, 16, 16]);
  const once = resized(b, x, 32);
  const twice = resized(b, once, 64);
  const run = b.run([twice]);
  const first = bilinear(16, 32);
  const both = times(bilinear(32, 64), first);

  it('averages neighbours', () => {
    expect(run.second(once)).toBeCloseTo(meanSquare(first) ** 2, 10);
  });

  it('takes less from what neighbours already share', () => {
    expect(run.second(twice) / meanSquare(both) ** 2).toBeGreaterThan(0.97);
    expect(run.second(twice) / meanSquare(both) ** 2).toBeLessThan(1.03);
  });

  it('hands gradients back with what neighbours share', () => {
    // Σ over outputs of squared weights, by input: n_out/n_in of the above, per axis.
    const gradient = (meanSquare(both) * 64) / 16;
    expect(run.gradient(x) / gradient ** 2).toBeGreaterThan(0.95);
    expect(run.gradient(x) / gradient ** 2).toBeLessThan(1.05);
  });
});

describe('max pooling', () => {
  it('picks one entry for several overlapping windows, whose gradients add up', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 64, 14, 14]);
    const y = b.globalAverage(b.pool(x, 'max', 3, 1, 1));
    // PyTorch, 40 draws: 196·E[g²] = 0.0295.
    expect((196 * b.run([y]).gradient(x)) / 0.0295).toBeGreaterThan(0.9);
    expect((196 * b.run([y]).gradient(x)) / 0.0295).toBeLessThan(1.1);
  });

  it('of overlapping windows again: neighbours that often are one entry vary together', () => {
    const b = new GraphBuilder();
    const once = b.pool(b.input([4, 64, 56, 56]), 'max', 3, 2);
    const twice = b.pool(once, 'max', 3, 1);
    const run = b.run([twice]);
    // PyTorch, 40 draws.
    expect(run.variance(once) / 0.3573).toBeCloseTo(1, 1);
    expect(run.variance(twice) / 0.217).toBeGreaterThan(0.9);
    expect(run.variance(twice) / 0.217).toBeLessThan(1.1);
  });

  it('of a concatenation picks from each part as that part is', () => {
    const b = new GraphBuilder();
    const narrow = b.act(b.input([4, 32, 32, 32]), 'relu');
    const wide = b.act(
      b.node({ kind: 'affine', factor: 2, offset: 0 }, [b.input([4, 32, 32, 32])], [4, 32, 32, 32]),
      'relu',
    );
    const both = b.node({ kind: 'concatenate', axis: 1, stacked: false }, [narrow, wide], [4, 64, 32, 32]);
    const y = b.pool(both, 'max', 2);
    const run = b.run([y]);
    // PyTorch, 40 draws.
    expect(run.variance(y) / 1.3996).toBeGreaterThan(0.96);
    expect(run.variance(y) / 1.3996).toBeLessThan(1.04);
  });
});
