import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initFunctions } from '../../src/core/frameworks/torch/ops/init/index.js';
import { Tensor } from '../../src/core/frameworks/torch/tensor.js';
import type { Tuple } from '../../src/core/python/values/index.js';
import { Float, PyException } from '../../src/core/python/values/index.js';
import { Natives } from '../support/natives.js';

type Failure = readonly [type: string, message: string];
interface Case {
  readonly function: string;
  readonly shape: readonly number[];
  readonly kwargs: Readonly<Record<string, number | string | boolean>>;
  readonly transposed?: boolean;
  readonly mean?: number;
  readonly std?: number;
  readonly entries?: number;
  readonly error?: Failure;
}
interface Recorded {
  readonly cases: readonly Case[];
  readonly gains: readonly { readonly args: readonly unknown[]; readonly value?: number; readonly error?: Failure }[];
  readonly fans: readonly {
    readonly shape: readonly number[];
    readonly value?: readonly number[];
    readonly error?: Failure;
  }[];
}

const recorded = JSON.parse(readFileSync(new URL('init.json', import.meta.url), 'utf8')) as Recorded;
const natives = new Natives();

function failure(body: () => unknown): Failure | undefined {
  try {
    body();
    return undefined;
  } catch (e) {
    if (e instanceof PyException) return [e.className, e.message.replace(`${e.className}: `, '')];
    throw e;
  }
}

/** The view that `w.transpose(0, 1)` is. */
function transposed(w: Tensor): Tensor {
  const [rows, columns, ...rest] = w.shape as readonly [number, number, ...number[]];
  const inner = rest.reduce((a, b) => a * b, 1);
  const strides = [inner, columns * inner, ...rest.map((_, i) => rest.slice(i + 1).reduce((a, b) => a * b, 1))];
  const layout = { offset: 0, strides, entries: rows * columns * inner };
  return new Tensor([columns, rows, ...rest], 'float', w.storage, null, { fraction: 1, layout });
}

describe('torch.nn.init as torch draws it', () => {
  it.each(
    recorded.cases.map(
      (c) =>
        [
          `${c.function}(${JSON.stringify(c.shape)}${c.transposed ? '.T' : ''}, ${JSON.stringify(c.kwargs)})`,
          c,
        ] as const,
    ),
  )('%s', (_name, c) => {
    const w = natives.parameter(...c.shape);
    const failed = failure(() => natives.call(initFunctions, c.function, [c.transposed ? transposed(w) : w], c.kwargs));
    expect(failed).toEqual(c.error);
    if (c.error) return;
    const d = w.storage?.distribution;
    if (c.entries === 0) {
      expect(d).toEqual({ kind: 'uninitialized' });
      return;
    }
    const [std, entries] = [c.std ?? NaN, c.entries ?? 1];
    // Five standard errors of the pooled estimates; what isn't random agrees to the digits that were written.
    expect(Math.abs((d?.mean ?? NaN) - (c.mean ?? NaN))).toBeLessThan((5 * std) / Math.sqrt(entries) + 1e-5);
    expect(Math.abs((d?.std ?? NaN) - std)).toBeLessThan(5 * std * Math.sqrt(1 / entries) + 1e-5);
  });

  it.each(recorded.gains.map((g) => [JSON.stringify(g.args), g] as const))('calculate_gain%s', (_name, g) => {
    let result: unknown;
    expect(failure(() => (result = natives.call(initFunctions, 'calculate_gain', [...g.args])))).toEqual(g.error);
    if (g.value !== undefined) expect(result instanceof Float ? result.value : result).toBeCloseTo(g.value, 14);
  });

  it.each(recorded.fans.map((f) => [JSON.stringify(f.shape), f] as const))('fans of %s', (_name, f) => {
    let result: unknown;
    const w = natives.parameter(...f.shape);
    expect(failure(() => (result = natives.call(initFunctions, '_calculate_fan_in_and_fan_out', [w])))).toEqual(
      f.error,
    );
    if (f.value) expect((result as Tuple).items).toEqual(f.value);
  });
});
