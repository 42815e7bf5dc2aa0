import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compare, errorOf, layerTable, tableIn, type Comparison, type Recorded } from '../../scripts/accuracy-table.js';
import type { Engine } from '../../src/core/model/index.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const { models, draws } = JSON.parse(read('statistics.json')) as Recorded;

function comparisons(engine: Engine, seeds?: number): Comparison[] {
  return Object.entries(models).flatMap(([name, model]) =>
    compare(name, read(`statistics/${name}.py`), model, draws, engine, seeds),
  );
}

function share(list: readonly Comparison[], holds: (c: Comparison) => boolean): number {
  return list.filter(holds).length / list.length;
}

describe('variances at initialization, as PyTorch measures them', () => {
  const moments = comparisons('moments');

  it('a draw is measured well enough to tell 15 %', () => {
    expect(share(moments, (c) => c.measuredError < 0.05)).toBe(1);
  });

  it('moments: within 15 % for nearly all outputs and most gradients', () => {
    expect(share(moments, (c) => c.own === undefined)).toBe(0);
    for (const [way, least] of [
      ['forward', 0.97],
      ['backward', 0.9],
    ] as const) {
      const list = moments.filter((c) => c.way === way);
      expect(
        share(list, (c) => errorOf(c) <= 0.15),
        way,
      ).toBeGreaterThan(least);
    }
  });

  it('docs/accuracy.md says so (`npm run accuracy` writes it)', () => {
    expect(tableIn(read('../../docs/accuracy.md'), 'layers')).toBe(layerTable(moments));
  });

  it.each(['sampler', 'dense'] as const)(
    '%s: within the error of both samples',
    (engine) => {
      const list = comparisons(engine, 2);
      // Two percent beside: draws of few units have skewed distributions.
      const outside = list.filter((c) => errorOf(c) > 0.02 + 4 * Math.hypot(c.measuredError, c.ownError));
      expect(outside.map((c) => `${c.way} ${c.layer}: ${String(c.own)} for ${c.measured}`)).toEqual([]);
    },
    120_000,
  );
});
