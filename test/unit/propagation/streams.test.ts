import { describe, expect, it } from 'vitest';
import type { ValueId } from '../../../src/core/model/index.js';
import { GraphBuilder } from './builder.js';

const WIDTH = 4096;

/** x of variance 1 that a layer gave, so that it is nobody's input. */
function start(): { b: GraphBuilder; x: ValueId } {
  const b = new GraphBuilder();
  return { b, x: b.linear(b.input([8, WIDTH]), WIDTH) };
}

function scaled(b: GraphBuilder, x: ValueId, factor: number): ValueId {
  return b.node({ kind: 'affine', factor, offset: 0 }, [x], b.shape(x));
}

describe('sums whose terms hold the same value', () => {
  // x + 0.2·(x + Wx) = 1.2·x + 0.2·Wx.
  it('a residual stream around another one', () => {
    const { b, x } = start();
    const out = b.add(scaled(b, b.add(x, b.linear(x, WIDTH)), 0.2), x);
    const run = b.run([out]);
    expect(run.second(out)).toBeCloseTo(1.2 ** 2 + 0.2 ** 2, 6);
    expect(run.gradient(x)).toBeCloseTo(1.2 ** 2 + 0.2 ** 2, 3);
  });

  it('three of them, one in another', () => {
    const { b, x } = start();
    let inner = x;
    for (let i = 0; i < 3; i++) inner = b.add(inner, scaled(b, b.linear(inner, WIDTH), 0.5));
    const out = b.add(scaled(b, inner, 0.2), x);
    // inner = x + i with Var i = 1.25³ − 1, whatever the layers share of it.
    const known = 1.2 ** 2 + 0.04 * (1.25 ** 3 - 1);
    expect(b.run([out]).second(out)).toBeCloseTo(known, 6);
    expect(b.run([out]).gradient(x)).toBeCloseTo(known, 3);
  });

  it('what a difference takes off is gone', () => {
    const { b, x } = start();
    const sum = b.add(x, b.linear(x, WIDTH));
    const out = b.node({ kind: 'subtract' }, [sum, x], b.shape(x));
    expect(b.run([out]).second(out)).toBeCloseTo(1, 6);
    expect(b.run([out]).gradient(x)).toBeCloseTo(1, 3);
  });

  // x + drop(x + Wx): 2x + Wx, and p/(1 − p)·E[(x + Wx)²] that the dropout makes.
  it('dropout keeps what is shared on average', () => {
    const { b, x } = start();
    const sum = b.add(x, b.linear(x, WIDTH));
    const dropped = b.node({ kind: 'dropout', p: 0.5, unit: 'entry' }, [sum], b.shape(x));
    const out = b.add(x, dropped);
    expect(b.run([out], { training: true }).second(out)).toBeCloseTo(4 + 1 + 2, 6);
    expect(b.run([out], { training: true }).gradient(x)).toBeCloseTo(4 + 1 + 2, 3);
  });

  // E[relu(x)²] = E[x·relu(x)] = 1/2.
  it('a function of the value', () => {
    const { b, x } = start();
    const out = b.add(b.act(x, 'relu'), b.add(x, b.linear(x, WIDTH)));
    expect(b.run([out]).second(out)).toBeCloseTo(0.5 + 2 + 2 * 0.5, 5);
    expect(b.run([out]).gradient(x)).toBeCloseTo(0.5 + 2 + 2 * 0.5, 3);
  });

  it('fresh layers of the same value share nothing', () => {
    const { b, x } = start();
    const out = b.add(b.linear(x, WIDTH), b.linear(x, WIDTH));
    expect(b.run([out]).second(out)).toBeCloseTo(2, 6);
    expect(b.run([out]).gradient(x)).toBeCloseTo(2, 3);
  });

  // Kernels beyond 1e120 are kept over a power of two.
  it('values in the hundred-and-fortieth power of ten', () => {
    const { b, x } = start();
    const big = scaled(b, scaled(b, x, 1e70), 1e70);
    const out = b.add(b.add(big, b.linear(big, WIDTH)), big);
    expect(b.run([out]).second(out) / 1e280).toBeCloseTo(5, 6);
  });

  it('no stack is too deep', () => {
    const { b, x } = start();
    let inner = x;
    for (let i = 0; i < 3000; i++) inner = b.add(inner, scaled(b, b.linear(inner, WIDTH), 0.01));
    const out = b.add(inner, x);
    expect(b.run([out]).second(out)).toBeGreaterThan(1);
  });
});
