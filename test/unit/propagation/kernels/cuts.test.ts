import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  columnsOf,
  gramCut,
  MOST_PARTS,
  productCut,
  sumStep,
  walk,
  walkCut,
} from '../../../../src/core/propagation/kernels/cuts.js';

const sum = (pair: readonly [number, number] = [0, 0]): number => pair[0] + pair[1];
const size = fc.integer({ min: 1, max: 3_000_000 });

describe('work is cut so that nothing is left out and nothing done twice', () => {
  it('walks', () => {
    fc.assert(
      fc.property(size, fc.constantFrom('little', 'much'), (count, effort) => {
        const { parts, step } = walkCut(count, effort);
        expect(parts).toBeLessThanOrEqual(MOST_PARTS);
        const stretches: (readonly [number, number])[] = [];
        for (let part = 0; part < parts; part++)
          walk(part, count, step, (from, numbers) => stretches.push([from, numbers]));
        stretches.sort(([a], [b]) => a - b);
        const follows = stretches.every(([from], i) => from === (i === 0 ? 0 : sum(stretches[i - 1])));
        expect(follows && sum(stretches.at(-1)) === count).toBe(true);
      }),
    );
  });

  it('products', () => {
    const length = fc.integer({ min: 1, max: 300_000 });
    fc.assert(
      fc.property(length, length, length, fc.boolean(), (m, n, k, transposeB) => {
        const cut = productCut(m, n, k, transposeB);
        if (cut === undefined) return;
        expect(cut.parts).toBeLessThanOrEqual(MOST_PARTS);
        const stretches = Array.from({ length: cut.parts }, (_, part) =>
          cut.along === 'columns'
            ? columnsOf(part, n, cut.step, cut.block)
            : ([part * cut.step, Math.min(m, (part + 1) * cut.step)] as const),
        );
        let next = 0;
        for (const [from, end] of stretches.filter(([a, b]) => b > a).sort(([a], [b]) => a - b)) {
          expect(from).toBe(next);
          // Whole vectors and whole blocks of rows: sums are then made in the same order as in one piece.
          expect(from % (cut.along === 'columns' ? 8 : 16)).toBe(0);
          next = end;
        }
        expect(next).toBe(cut.along === 'columns' ? n : m);
      }),
    );
  });

  it('sums and Gram matrices', () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 20_000 }), (count, rows) => {
        expect(sumStep(count) % BLOCK).toBe(0);
        expect(Math.ceil(count / sumStep(count))).toBeLessThanOrEqual(MOST_PARTS);
        const { along, parts, step } = gramCut(rows, count);
        expect(parts).toBeLessThanOrEqual(MOST_PARTS);
        if (along === 'rows') expect(parts * step).toBeGreaterThanOrEqual(rows);
      }),
    );
  });
});
