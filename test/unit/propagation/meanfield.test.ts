import { describe, expect, it } from 'vitest';
import { activationNamed, type Activation } from '../../../src/core/propagation/activations/index.js';
import {
  chi,
  correlationFixedPoint,
  correlationMap,
  depthScales,
  edgeOfChaos,
  fixedPoint,
  kernels,
  varianceMap,
} from '../../../src/core/propagation/meanfield.js';

const named = (name: string): Activation => activationNamed(name)!;
const tanh = named('tanh');

describe('tanh fixed points', () => {
  // The row at σw² = 16 by a fine trapezoid rule: 160-node Gauss–Hermite is off in the fourth digit at q = 12.6.
  // σw², σb², q*, χ₁, c*, ξ_q, ξ_c; c* and ξ_c only where they do not diverge.
  const rows: readonly (readonly [number, number, number, number, number | undefined, number, number | undefined])[] = [
    [1.05, 2.01e-5, 0.025921, 1.0, undefined, 20.24, undefined],
    [1.3, 0, 0.164902, 1.018394, 0, 4.131, 112.0],
    [1.69, 0.09, 0.607047, 0.939807, 1, 1.338, 16.11],
    [6.25, 0.09, 4.079125, 1.585207, 0.122104, 0.688, 5.109],
    [16, 0.09, 12.604149, 2.367261, 0.029696, 0.4903, 3.647],
    [1.3, 0.05, 0.315316, 0.880164, 1, 1.785, 7.834],
    [1.7, 0.05, 0.533076, 0.986741, 1, 1.558, 74.92],
    [2.5, 0.05, 1.063958, 1.133516, 0.446804, 1.18, 11.8],
    [4.0, 0.05, 2.195494, 1.342402, 0.165065, 0.873, 6.98],
    [25 / 9, 0, 1.17848, 1.209831, 0, 1.188, 12.12],
  ];
  it.each(rows)('σw² = %f, σb² = %f', (weightVariance, biasVariance, q, x, c, xiQ, xiC) => {
    const net = { activation: tanh, weightVariance, biasVariance };
    const got = fixedPoint(net)!;
    expect(got).toBeCloseTo(q, 5);
    expect(chi(net, got)).toBeCloseTo(x, 4);
    if (c !== undefined) expect(correlationFixedPoint(net, got)).toBeCloseTo(c, 4);
    const scales = depthScales(net, got);
    expect(scales.variance / xiQ).toBeCloseTo(1, 2);
    if (xiC !== undefined) expect(scales.correlation / xiC).toBeCloseTo(1, 2);
  });

  it('edge of chaos', () => {
    for (const [bias, weight, q] of [
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
      expect(e?.weightVariance).toBeCloseTo(weight, 5);
      expect(e?.q).toBeCloseTo(q, 5);
    }
    expect(edgeOfChaos(tanh, 0)?.weightVariance).toBeCloseTo(1, 6);
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
      if (expected !== undefined) expect(c).toBeCloseTo(expected, 5);
    }
  });
  it('has no stable scale and no finite depth scale', () => {
    expect(correlationFixedPoint(net, 1)).toBe(1);
    expect(depthScales(net, 1).correlation).toBe(Infinity);
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
    ['relu', 1, 0, 0.0625, 0.04613301, 0.25, 0.10861529],
    ['erf', 1, 0, 0.22343834, 0.10377899, 0.97631104, 0.42289391],
  ] as const)('%s, σw² = %f, σb² = %f', (name, w, b, k11, k12, t11, t12) => {
    const net = { activation: named(name), weightVariance: w, biasVariance: b };
    const k = kernels(net, [w * 0.5 + b, w * 0.25 + b, w * 0.5 + b], 3);
    expect(k.nngp[0]).toBeCloseTo(k11, 6);
    expect(k.nngp[1]).toBeCloseTo(k12, 6);
    expect(k.ntk[0]).toBeCloseTo(t11, 5);
    expect(k.ntk[1]).toBeCloseTo(t12, 5);
  });
});
