import { describe, expect, it } from 'vitest';
import { constant } from '../../../src/core/initializers/index.js';
import { GraphBuilder } from './builder.js';

describe('the loss', () => {
  it('is one of the first output: what is returned beside it has no gradient of its own', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 256]);
    const hidden = b.linear(x, 256);
    const out = b.linear(hidden, 256);
    const extra = b.linear(hidden, 256);
    const run = b.run([out, extra]);
    expect(run.gradient(out)).toBeCloseTo(1, 2);
    expect(run.gradient(hidden)).toBeCloseTo(1, 2);
    expect(run.result.backward[extra]).toBeUndefined();
  });
});

describe('rectifiers along a residual stream', () => {
  it('let through where the stream is positive, which the next sum makes likelier', () => {
    const b = new GraphBuilder();
    const x = b.input([8, 64, 8, 8]);
    const first = b.add(b.conv(x, 64, 1, { gain2: 1 }), b.conv(x, 64, 1, { gain2: 1 }));
    const y = b.act(first, 'relu');
    const other = b.conv(x, 64, 1, { gain2: 1 });
    const z = b.act(b.add(y, other), 'relu');
    // P(s > 0, s + c > 0), s ~ N(0,2), c ~ N(0,1): correlation √(2/3).
    const both = 0.25 + Math.asin(Math.sqrt(2 / 3)) / (2 * Math.PI);
    expect(b.run([z]).gradient(first) / both).toBeCloseTo(1, 3);
  });
});

describe('group norm', () => {
  it('takes off more of what the channels of small groups have in common over positions', () => {
    // PyTorch, 40 draws of conv(4→64, 3×3) with offsets, GroupNorm(32): share of offsets 0.878 before, 0.563 ± 0.013 after.
    const b = new GraphBuilder();
    const x = b.conv(b.input([4, 64, 32, 32]), 64, 1, { gain2: 0.122, bias: 0.878 });
    const y = b.norm(x, 'group', { groups: 32 });
    const field = b.run([y]).result.fields[y]!;
    if ('unknown' in field) throw new Error(field.unknown);
    const positions = 4;
    expect(field.kernel[positions]! / field.kernel[0]!).toBeGreaterThan(0.53);
    expect(field.kernel[positions]! / field.kernel[0]!).toBeLessThan(0.6);
  });
});

describe('a residual branch whose last norm starts at zero', () => {
  const b = new GraphBuilder();
  const x = b.input([8, 16, 8, 8]);
  const stream = b.norm(b.conv(x, 16, 1), 'batch');
  const inside = b.conv(b.act(stream, 'relu'), 16, 3, { padding: 1 });
  const end = b.norm(inside, 'batch', { gamma: constant(0) });
  const out = b.conv(b.act(b.add(end, stream), 'relu'), 16, 1);
  const run = b.run([out]);

  it('adds nothing and receives what the stream does', () => {
    expect(run.second(end)).toBe(0);
    expect(run.gradient(end)).toBeCloseTo(0.5, 2);
  });

  it('hands on a gradient of zero, not an unknown one', () => {
    expect(run.gradient(inside)).toBe(0);
  });
});
