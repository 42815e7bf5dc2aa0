import { describe, expect, it } from 'vitest';
import { freshAxes } from '../../../src/core/propagation/moments/axes.js';
import { fieldOfEntries } from '../../../src/core/propagation/moments/entries.js';

/** E[x·x′] over all pairs of places that differ in exactly the roles of `mask`, counted one by one. */
function averageOfPairs(entries: readonly number[], sizes: readonly number[], mask: number): number {
  const rows = sizes[0] ?? 1;
  const middle = sizes[1] ?? 1;
  const rest = entries.length / (rows * middle);
  const roles = entries.map((_, i) => [Math.floor(i / (middle * rest)), Math.floor(i / rest) % middle, i % rest]);
  let [sum, count] = [0, 0];
  for (let i = 0; i < entries.length; i++)
    for (let j = 0; j < entries.length; j++) {
      let differing = 0;
      for (let r = 0; r < 3; r++) if (roles[i]![r] !== roles[j]![r]) differing |= 1 << r;
      if (differing !== mask) continue;
      sum += entries[i]! * entries[j]!;
      count++;
    }
  return sum / count;
}

describe('the field of known entries', () => {
  it.each([[[5]], [[4, 3]], [[1, 6]], [[3, 2, 4]], [[3, 1, 5]], [[2, 3, 2, 2]]])(
    'of shape %j averages over pairs',
    (sizes) => {
      const entries = Array.from({ length: sizes.reduce((a, b) => a * b) }, (_, i) => Math.sin(1 + 1.7 * i) + 0.3);
      const field = fieldOfEntries(entries, freshAxes(sizes));
      const present = [sizes[0] ?? 1, sizes[1] ?? 1, sizes.slice(2).reduce((a, b) => a * b, 1)];
      for (let mask = 0; mask < 16; mask++) {
        // A role that tells nothing apart changes nothing.
        const own = present.reduce((m, size, role) => (mask & (1 << role) && size > 1 ? m | (1 << role) : m), 0);
        expect(field?.kernel[mask]).toBeCloseTo(averageOfPairs(entries, sizes, own), 12);
      }
      expect(field?.mean).toBeCloseTo(entries.reduce((a, b) => a + b) / entries.length, 12);
    },
  );

  it('is none where an entry is infinite', () => {
    expect(fieldOfEntries([0, -Infinity], freshAxes([2]))).toBeUndefined();
  });
});
