import { describe, expect, it } from 'vitest';
import { activationNamed, activationPair, type Activation } from '../../../src/core/propagation/activations/index.js';
import { correlationLimit } from '../../../src/core/propagation/correlation-series.js';
import {
  chi,
  correlationMap,
  depthScale,
  edgeOfChaos,
  fixedPoint,
  kernels,
  varianceMap,
  varianceSlope,
} from '../../../src/core/propagation/meanfield.js';

const named = (name: string): Activation => activationNamed(name)!;
const tanh = named('tanh');

/** Within a part in a million. */
function expectClose(got: number | undefined, want: number, relative = 1e-6): void {
  expect(Math.abs((got ?? NaN) - want), `${got} for ${want}`).toBeLessThanOrEqual(
    relative * Math.max(1e-3, Math.abs(want)),
  );
}

describe('tanh fixed points', () => {
  // By the trapezoid rule in one and two dimensions (160-node Gauss–Hermite is off in the fourth digit at q = 12.6):
  // σw², σb², q*, χ₁, c*, ξ_q, ξ_c.
  it.each([
    [1.05, 2.01e-5, 0.02592084, 1.0000002, 0.9998355, 20.2437, undefined],
    [1.3, 0, 0.16490174, 1.0183944, 0, 4.13072, 112.034],
    [1.69, 0.09, 0.60704679, 0.93980743, 1, 1.33767, 16.1082],
    [6.25, 0.09, 4.0791239, 1.5852248, 0.1221037, 0.688341, 5.10892],
    [16, 0.09, 12.604149, 2.367261, 0.02969592, 0.490295, 3.63935],
    [1.3, 0.05, 0.31531648, 0.88016351, 1, 1.78524, 7.83407],
    [1.7, 0.05, 0.53307563, 0.98674081, 1, 1.55825, 74.9183],
    [1.76, 0.05, 0.56946284, 0.99979642, 1, 1.52167, 4911.68],
    [2.5, 0.05, 1.0639584, 1.1335157, 0.4468042, 1.17987, 11.7956],
    [4, 0.05, 2.1954939, 1.3424024, 0.165065, 0.873293, 6.98027],
    [25 / 9, 0, 1.1784805, 1.2098313, 0, 1.18782, 12.1179],
  ] as const)('σw² = %f, σb² = %f', (weightVariance, biasVariance, q, x, c, xiQ, xiC) => {
    const net = { activation: tanh, weightVariance, biasVariance };
    const got = fixedPoint(net)!;
    expectClose(got, q);
    expectClose(chi(net, got), x);
    const limit = correlationLimit(net, got);
    expectClose(limit.correlation, c);
    expectClose(depthScale(varianceSlope(net, got)), xiQ, 5e-6);
    // At criticality the scale diverges, and its digits with it.
    if (xiC !== undefined) expectClose(depthScale(limit.slope), xiC, 5e-6);
  });

  it.each(['tanh', 'hardtanh', 'relu6', 'gelu', 'sin', 'erf'])('%s: the correlation’s limit maps to itself', (name) => {
    for (const [weightVariance, biasVariance] of [
      [1.5, 0.05],
      [3, 0.1],
      [4, 1],
    ] as const) {
      const net = { activation: named(name), weightVariance, biasVariance };
      const q = fixedPoint(net);
      if (q === undefined || q === 0) continue;
      const { correlation, slope } = correlationLimit(net, q);
      expectClose(correlationMap(net, q, correlation), correlation);
      const pair = { mean: 0, varianceU: q, varianceV: q, covariance: correlation * q };
      expectClose(slope, weightVariance * activationPair(net.activation, pair).slope, 1e-4);
    }
  });

  it('edge of chaos', () => {
    for (const [bias, weight, q] of [
      [0, 1, 0],
      [1e-4, 1.086026, 0.045709],
      [1e-3, 1.18919, 0.107292],
      [0.01, 1.424205, 0.273301],
      [0.05, 1.760955, 0.570048],
      [0.09, 1.947655, 0.763475],
      [0.1, 1.986073, 0.805799],
      [0.2, 2.285152, 1.164496],
      [0.3, 2.505127, 1.461169],
    ] as const) {
      const e = edgeOfChaos(tanh, bias);
      expectClose(e?.weightVariance, weight);
      expect(e?.q).toBeCloseTo(q, 6);
    }
    expect(edgeOfChaos(named('relu'), 0)?.weightVariance).toBeCloseTo(2, 12);
  });
});

describe('variance trajectories', () => {
  it.each([
    ['tanh', 2, 0, [0.78859, 0.631, 0.61797]],
    ['sigmoid', 1, 0, [0.29338, 0.26469, 0.26469]],
    ['selu', 0.5625, 0, [0.5625, 0.14521, 0.034978]],
    ['gelu', 2, 0, [0.85044, 0.32692, 3.19e-5]],
    ['silu', 2, 0, [0.71155, 0.099261, 3.5016e-6]],
    ['softsign', 1, 0, [0.18301, 0.014659, 0.00099822]],
    ['softplus', 2, 0, [1.84249, 4.69, 12.692]],
    ['elu', 2, 0, [1.28989, 2.8127, 11.554]],
    ['mish', 2, 0, [0.90468, 0.55568, 0.014536]],
    ['relu', 1 / 3, 1 / 3000, [0.167, 0.00052855, 0.0004]],
  ] as const)('%s, σw² = %f', (name, weightVariance, biasVariance, want) => {
    const net = { activation: named(name), weightVariance, biasVariance };
    let q = 1;
    for (let l = 1; l <= 20; l++) {
      q = varianceMap(net, q);
      const i = [1, 5, 20].indexOf(l);
      if (i >= 0) expect(q / (want[i] as number), `layer ${l}`).toBeCloseTo(1, 3);
    }
  });
});

describe('ReLU correlation map', () => {
  const net = { activation: named('relu'), weightVariance: 2, biasVariance: 0 };
  it('values', () => {
    for (const [c, next] of [
      [-1, 0],
      [-0.5, 0.108998],
      [0, 0.31831],
      [0.25, 0.45331],
      [0.5, 0.608998],
      [0.75, 0.788002],
      [0.9, 0.909538],
      [0.99, 0.9903],
    ] as const)
      expect(correlationMap(net, 1, c)).toBeCloseTo(next, 6);
  });
  it('is (√(1 − c²) + c·(π − arccos c))/π', () => {
    for (let c = -1; c <= 1; c += 1 / 16)
      expect(correlationMap(net, 1, c)).toBeCloseTo(
        (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI,
        12,
      );
  });
  it('iterated from 0', () => {
    let c = 0;
    const want: Record<number, number> = {
      1: 0.31831,
      2: 0.493731,
      3: 0.604826,
      5: 0.735946,
      10: 0.871536,
      20: 0.948428,
      30: 0.972011,
      50: 0.987862,
    };
    for (let l = 1; l <= 50; l++) {
      c = correlationMap(net, 1, c);
      const expected = want[l];
      if (expected !== undefined) expect(c).toBeCloseTo(expected, 6);
    }
  });
  it('has no stable scale and no finite depth scale', () => {
    const { correlation, slope } = correlationLimit(net, 1);
    expect(correlation).toBe(1);
    expect(depthScale(slope)).toBeUndefined();
  });
});

describe('NNGP and NTK, three hidden layers', () => {
  // x₁ = (1,0,0,1), x₂ = (1,1,0,0): x·x/4 = ½, x₁·x₂/4 = ¼.
  it.each([
    ['relu', 2, 0, 1.0, 0.73812819, 4.0, 1.73784468],
    ['erf', 2, 0, 0.88949129, 0.36069771, 4.83638024, 1.51245086],
    ['sin', 2, 0, 0.80702475, 0.29609522, 4.59758828, 1.27272643],
    ['relu', 2.25, 0.01, 1.64995117, 1.22823124, 6.53464844, 2.88490154],
    ['erf', 2.25, 0.01, 1.09554008, 0.4500593, 6.22458006, 1.84006563],
    ['sin', 2.25, 0.01, 0.97916133, 0.34074348, 6.19902919, 1.43762959],
    ['relu', 1, 0, 0.0625, 0.04613301, 0.25, 0.10861529],
    ['erf', 1, 0, 0.22343834, 0.10377899, 0.97631104, 0.42289391],
  ] as const)('%s, σw² = %f, σb² = %f', (name, w, b, k11, k12, t11, t12) => {
    const net = { activation: named(name), weightVariance: w, biasVariance: b };
    const k = kernels(net, [w * 0.5 + b, w * 0.25 + b, w * 0.5 + b], 3);
    expect(k.nngp[0]).toBeCloseTo(k11, 8);
    expect(k.nngp[1]).toBeCloseTo(k12, 8);
    expect(k.ntk[0]).toBeCloseTo(t11, 8);
    expect(k.ntk[1]).toBeCloseTo(t12, 8);
  });
});
