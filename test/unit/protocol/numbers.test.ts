import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount, formatNumber, formatShape } from '../../../src/protocol/numbers.js';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1, '1.00'],
    [0.33323, '0.333'],
    [0.0316228, '0.0316'],
    [0.00099996, '0.00100'],
    [3.973e-4, '3.97×10⁻⁴'],
    [1.6e-15, '1.60×10⁻¹⁵'],
    [-0.5, '−0.500'],
    [999.6, '1000'],
    [12345, '12,300'],
    [2.3e23, '2.30×10²³'],
    [Infinity, '∞'],
    [NaN, 'NaN'],
  ])('%d is %s', (x, text) => {
    expect(formatNumber(x)).toBe(text);
  });

  it('writes ASCII for terminals', () => {
    expect(formatNumber(3.973e-4, { plain: true })).toBe('3.97e-4');
    expect(formatNumber(-1e30, { plain: true, digits: 2 })).toBe('-1.0e30');
  });

  it('says the number to three digits, whatever it is', () => {
    const double = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(double, (x) => {
        const read = Number(formatNumber(x, { plain: true }));
        expect(Math.abs(read / x - 1)).toBeLessThanOrEqual(0.00501);
      }),
    );
  });
});

describe('formatCount and formatShape', () => {
  it('groups thousands, and gives up on astronomical ones', () => {
    expect(formatCount(20_020_000)).toBe('20,020,000');
    expect(formatCount(1e12)).toBe('1.00×10¹²');
  });

  it('keeps unknown sizes as they were written', () => {
    expect(formatShape([64, 'hidden * 4'])).toBe('64×(hidden * 4)');
    expect(formatShape([])).toBe('scalar');
  });
});
