import { describe, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  activationMoments,
  activationNamed,
  activationPair,
  constantsOf,
  momentsByQuadrature,
  saturatedShare,
  summarize,
  type Activation,
  type ActivationMoments,
  type Constants,
  type PairMoments,
} from '../../../src/core/propagation/activations/index.js';
import { erf, erfc, erfcx, normalCdf } from '../../../src/core/propagation/numerics/normal.js';
import { pairExpectation } from '../../../src/core/propagation/numerics/quadrature.js';
import { REFERENCE } from './activation-reference.js';

function named(name: string): Activation {
  const a = activationNamed(name);
  if (a === undefined) throw new Error(`no activation ${name}`);
  return a;
}

describe('error function', () => {
  it('has the known values, tails included', () => {
    // Values from Python's math.erf / math.erfc.
    expect(erf(0.3)).toBeCloseTo(0.3286267594591274, 15);
    expect(erf(1)).toBeCloseTo(0.8427007929497149, 15);
    expect(erf(-2.5)).toBeCloseTo(-0.999593047982555, 15);
    expect(erfc(3) / 2.2090496998585441e-5).toBeCloseTo(1, 13);
    expect(erfc(5) / 1.5374597944280349e-12).toBeCloseTo(1, 13);
    expect(erfc(10) / 2.088487583762545e-45).toBeCloseTo(1, 12);
    expect(erfcx(30) * 30 * Math.sqrt(Math.PI)).toBeCloseTo(1 - 1 / 1800 + 3 / (4 * 30 ** 4), 8);
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 14);
  });
});

describe('the activation table at z ~ N(0,1)', () => {
  it.each(REFERENCE.map((row) => [`${row[0]} ${JSON.stringify(row[1])}`, row] as const))(
    '%s',
    (_, [name, given, columns]) => {
      const activation = named(name);
      const s = summarize(activation, constantsOf(activation, given));
      const got = [
        s.mean,
        s.second,
        s.variance,
        s.slopeMean,
        s.slopeSecond,
        s.cross,
        s.gain,
        s.backwardGain,
        1 / Math.sqrt(s.variance),
        s.chi,
        s.slope,
      ];
      // hardshrink jumps: the printed slope leaves the jump out.
      const count = name === 'hardshrink' ? 10 : 11;
      for (let i = 0; i < count; i++)
        expect(Math.abs(got[i]! - columns[i]!), `column ${i}`).toBeLessThanOrEqual(
          1e-6 * Math.max(1, Math.abs(columns[i]!)),
        );
    },
  );

  it('has forty rows', () => {
    expect(REFERENCE.length).toBe(40);
  });

  it('rrelu in training draws its slope', () => {
    expect(activationMoments(named('rrelu_train'), 0, 1).second).toBeCloseTo(0.528067, 6);
  });
});

describe('closed forms', () => {
  const variances = [1e-12, 1e-6, 0.01, 0.25, 0.5, 1, 2.5, 10, 100, 1e4];
  const means = [0, -0.7, 1.3];
  const withClosed = ACTIVATIONS.filter((a) => a.closed !== undefined && a.name !== 'rrelu_train');

  it.each(withClosed.map((a) => [a.name, a] as const))('%s agrees with quadrature', (_, a) => {
    for (const mean of means)
      for (const variance of variances) {
        if (
          (a.name === 'exp' && variance > 2.5) ||
          (a.name === 'sin' && variance > 10) ||
          (a.name === 'cos' && variance > 10)
        )
          continue;
        const closed = a.closed?.(mean, variance, a.constants);
        if (closed === undefined) continue;
        const numeric = momentsByQuadrature(a, mean, variance);
        // Twelve decimals of what the function could have made of its input: the far tail has fewer of its own.
        const scale = Math.max(numeric.second, numeric.mean ** 2, 1e-8 * (mean * mean + variance) ** 2, 1e-300);
        const close = (x: number, y: number, size: number): void => {
          expect(Math.abs(x - y), `${a.name} at N(${mean}, ${variance}): ${x} ${y}`).toBeLessThanOrEqual(
            2e-12 * Math.max(size, 1e-300),
          );
        };
        close(closed.second, numeric.second, scale);
        close(closed.mean, numeric.mean, Math.sqrt(scale));
        close(closed.slopeSecond, numeric.slopeSecond, Math.max(numeric.slopeSecond, 1e-3));
        close(closed.slopeMean, numeric.slopeMean, Math.max(Math.sqrt(numeric.slopeSecond), 1e-3));
        close(closed.cross, numeric.cross, Math.max(Math.sqrt(numeric.slopeSecond * scale), 1e-3));
      }
  });

  it('known values', () => {
    const at = (name: string): ActivationMoments => activationMoments(named(name), 0, 1);
    expect(at('erf').second).toBeCloseTo(0.46455905439754, 12);
    expect(at('gelu').second).toBeCloseTo(0.4252214825703, 12);
    expect(at('gelu').slopeSecond).toBeCloseTo(0.45585086564929, 12);
    expect(at('sin').second).toBeCloseTo((1 - Math.exp(-2)) / 2, 12);
    expect(at('sin').slopeSecond).toBeCloseTo((1 + Math.exp(-2)) / 2, 12);
    expect(at('relu').second).toBeCloseTo(0.5, 15);
    expect(at('selu').second).toBeCloseTo(1, 12);
    expect(at('selu').mean).toBeCloseTo(0, 12);
    expect(1 / at('elu').second).toBeCloseTo(1.550519, 5);
    expect(at('hardtanh').second).toBeCloseTo(0.516059, 6);
    expect(at('hardtanh').slopeSecond).toBeCloseTo(0.682689, 6);
  });

  it('GELU check values', () => {
    const gelu = named('gelu');
    for (const [q, second, slope] of [
      [0.25, 0.083506724, 0.35568514],
      [1, 0.425221483, 0.455850866],
      [2, 0.922082872, 0.489511938],
      [5, 2.433818094, 0.508575901],
    ] as const) {
      const m = activationMoments(gelu, 0, q);
      expect(m.second).toBeCloseTo(second, 9);
      expect(m.slopeSecond).toBeCloseTo(slope, 9);
    }
  });
});

describe('quadrature', () => {
  it('holds from tiny to huge variances', () => {
    for (const [name, limit] of [
      ['tanh', 1],
      ['sigmoid', 0.5],
      ['softsign', 1],
    ] as const) {
      const m = activationMoments(named(name), 0, 1e4);
      expect(m.second).toBeLessThan(limit);
      expect(m.second).toBeGreaterThan(0.85 * limit);
    }
    // tanh: E[φ′²] → (4/3)·density at 0; at q = 1e4 the correction is O(1e-5).
    expect(activationMoments(named('tanh'), 0, 1e4).slopeSecond / (4 / 3 / Math.sqrt(2 * Math.PI * 1e4))).toBeCloseTo(
      1,
      4,
    );
    // In the linear regime E[φ²] = φ′(0)²·q.
    for (const [name, slope] of [
      ['tanh', 1],
      ['silu', 0.5],
      ['mish', 0.6],
      ['gelu_tanh', 0.5],
    ] as const)
      expect(activationMoments(named(name), 0, 1e-12).second / (slope * slope * 1e-12)).toBeCloseTo(1, 5);
  });

  it('the wave functions at high variance agree with their closed forms', () => {
    expect(activationMoments(named('sin'), 0, 900).second).toBeCloseTo(0.5, 12);
  });
});

describe('correlated pairs', () => {
  const cases: readonly (readonly [number, number, number])[] = [
    [1, 1, 0.3],
    [0.5, 2, -0.6],
    [1, 1, 0.999],
    [3, 3, 0],
  ];
  it.each(['identity', 'relu', 'leaky_relu', 'erf', 'sin', 'cos', 'exp'])(
    '%s: closed form against two-dimensional quadrature',
    (name) => {
      const a = named(name);
      const c: Constants = name === 'leaky_relu' ? { slope: 0.2 } : a.constants;
      for (const [varianceU, varianceV, covariance] of cases) {
        const got = activationPair(a, { mean: 0, varianceU, varianceV, covariance }, c);
        const kinks = a.kinks?.(c) ?? [];
        expect(got.value).toBeCloseTo(
          pairExpectation(
            (z) => a.value(z, c),
            (z) => a.value(z, c),
            0,
            varianceU,
            varianceV,
            covariance,
            kinks,
          ),
          8,
        );
        expect(got.slope).toBeCloseTo(
          pairExpectation(
            (z) => a.derivative(z, c),
            (z) => a.derivative(z, c),
            0,
            varianceU,
            varianceV,
            covariance,
            kinks,
          ),
          8,
        );
      }
    },
  );

  it('a fully correlated pair is one variable, an uncorrelated pair two', () => {
    for (const name of ['tanh', 'gelu', 'silu', 'relu6', 'elu']) {
      const a = named(name);
      const m = activationMoments(a, 0.4, 1.7);
      expect(activationPair(a, { mean: 0.4, varianceU: 1.7, varianceV: 1.7, covariance: 1.7 }).value).toBeCloseTo(
        m.second,
        10,
      );
      expect(activationPair(a, { mean: 0.4, varianceU: 1.7, varianceV: 1.7, covariance: 0 }).value).toBeCloseTo(
        m.mean ** 2,
        10,
      );
    }
  });

  it('arc-cosine kernels of degree 0, 1 and 2 (Cho & Saul 2009)', () => {
    const pairAt = (name: string, angle: number): PairMoments =>
      activationPair(named(name), { mean: 0, varianceU: 1, varianceV: 1, covariance: Math.cos(angle) });
    const rows = [
      [0, 1, 1, 3],
      [Math.PI / 6, 0.833333, 0.880843, 2.49683],
      [Math.PI / 4, 0.75, 0.755409, 1.977465],
      [Math.PI / 3, 0.666667, 0.608998, 1.413497],
      [Math.PI / 2, 0.5, 0.31831, 0.5],
      [(2 * Math.PI) / 3, 0.333333, 0.108998, 0.086503],
      [Math.PI, 0, 0, 0],
    ] as const;
    for (const [angle, zero, one, two] of rows) {
      const relu = pairAt('relu', angle);
      const squared = 2 * pairAt('squared_relu', angle).value;
      expect(2 * relu.slope).toBeCloseTo(zero, 6);
      expect(2 * relu.value).toBeCloseTo(one, 6);
      expect(squared).toBeCloseTo(two, 6);
      const [sin, cos, rest] = [Math.sin(angle), Math.cos(angle), Math.PI - angle];
      expect(2 * relu.slope).toBeCloseTo(rest / Math.PI, 12);
      expect(2 * relu.value).toBeCloseTo((sin + rest * cos) / Math.PI, 12);
      // By quadrature, the other two in closed form.
      expect(squared).toBeCloseTo((3 * sin * cos + rest * (1 + 2 * cos * cos)) / Math.PI, 7);
    }
  });
});

describe('saturation', () => {
  it('counts dead ReLUs and flat sigmoids', () => {
    expect(saturatedShare(named('relu'), 0, 4)).toBeCloseTo(0.5, 8);
    expect(saturatedShare(named('tanh'), 0, 1e-4)).toBe(0);
    expect(saturatedShare(named('tanh'), 0, 1000)).toBeGreaterThan(0.9);
    expect(saturatedShare(named('identity'), 0, 1000)).toBe(0);
  });
});

describe('names', () => {
  it('knows the frameworks’ spellings', () => {
    for (const name of ['ReLU', 'LeakyReLU', 'swish', 'hard_swish', 'gelu_new', 'linear', 'exponential', 'hard_tanh'])
      expect(activationNamed(name), name).toBeDefined();
    expect(activationNamed('nonsense')).toBeUndefined();
    expect(constantsOf(named('leaky_relu'), { negative_slope: 0.2 })).toEqual({ slope: 0.2 });
    expect(constantsOf(named('elu'), { alpha: 2 })).toEqual({ alpha: 2 });
  });

  it('every derivative is that of its function', () => {
    for (const a of ACTIVATIONS)
      for (const z of [-2.3, -0.6, 0.35, 1.7]) {
        if (['floor', 'round', 'ceil', 'step'].includes(a.name)) continue;
        const h = 1e-5;
        const numeric = (a.value(z + h, a.constants) - a.value(z - h, a.constants)) / (2 * h);
        expect(a.derivative(z, a.constants), `${a.name} at ${z}`).toBeCloseTo(numeric, 6);
      }
  });
});
