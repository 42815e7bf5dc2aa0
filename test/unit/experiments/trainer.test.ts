import { describe, expect, it } from 'vitest';
import { planarData, PLANAR_SETS } from '../../../src/core/experiments/data/planar.js';
import { buildNetwork, type NetworkSpec } from '../../../src/core/experiments/training/network.js';
import { lossOf, sigmoid, type LossKind } from '../../../src/core/experiments/training/losses.js';
import { Trainer } from '../../../src/core/experiments/training/trainer.js';
import { activationNamed } from '../../../src/core/propagation/activations/index.js';
import { createKernels, typescriptKernels } from '../../../src/core/propagation/kernels/index.js';

const SPEC: NetworkSpec = {
  inputs: 3,
  layers: [
    { units: 5, activation: 'tanh', weight: { law: 'glorot_normal' } },
    { units: 4, activation: 'gelu', weight: { law: 'he_normal' } },
    { units: 3, weight: { law: 'lecun_normal' } },
  ],
};
const BATCH = 7;
const inputs = Float32Array.from({ length: 3 * BATCH }, (_, i) => Math.sin(1.7 * i + 0.3));
const targets = (kind: LossKind): number[] =>
  kind === 'meanSquare'
    ? Array.from({ length: 3 * BATCH }, (_, i) => Math.cos(i))
    : kind === 'binaryCrossEntropy'
      ? Array.from({ length: 3 * BATCH }, (_, i) => i % 2)
      : Array.from({ length: BATCH }, (_, i) => i % 3);

/** The same network in doubles, straight from its definition. */
function reference(weights: readonly ArrayLike<number>[], kind: LossKind): number {
  let x = Array.from({ length: BATCH }, (_, s) => [...inputs.slice(3 * s, 3 * s + 3)]);
  SPEC.layers.forEach(({ units, activation }, l) => {
    const [w, b] = [weights[2 * l]!, weights[2 * l + 1]!];
    const f = activation === undefined ? undefined : activationNamed(activation);
    x = x.map((row) =>
      Array.from({ length: units }, (_, o) => {
        const z = row.reduce((sum, v, i) => sum + v * w[o * row.length + i]!, b[o]!);
        return f ? f.value(z, f.constants) : z;
      }),
    );
  });
  const t = targets(kind);
  if (kind === 'crossEntropy')
    return x.reduce((sum, row, s) => sum + Math.log(row.reduce((e, z) => e + Math.exp(z), 0)) - row[t[s]!]!, 0) / BATCH;
  const each = x.flat().map((z, i) => {
    if (kind === 'meanSquare') return (z - t[i]!) ** 2;
    const p = sigmoid(z);
    return -(t[i]! * Math.log(p) + (1 - t[i]!) * Math.log(1 - p));
  });
  return each.reduce((a, b) => a + b, 0) / each.length;
}

describe.each([
  ['WebAssembly', () => createKernels({ limit: 2 ** 26 })],
  ['TypeScript', () => typescriptKernels(2 ** 26)],
])('the gradient that networks are trained with, kernels in %s', (_, make) => {
  it.each(['crossEntropy', 'binaryCrossEntropy', 'meanSquare'] as const)(
    'equals finite differences in doubles: %s',
    (kind) => {
      const trainer = new Trainer(buildNetwork(SPEC, BATCH), make(), { loss: kind, learningRate: 0, seed: 3 });
      const gradients = new Map<number, Float32Array>();
      const { loss } = trainer.step(
        { inputs, targets: targets(kind) },
        { gradient: (id, g) => gradients.set(id, g.data.slice()) },
      );
      const weights = trainer.weights.map((w) => Float64Array.from(w));
      expect(loss).toBeCloseTo(reference(weights, kind), 5);
      expect(gradients.size).toBe(6);
      const largest = Math.max(...[...gradients.values()].flatMap((g) => [...g].map(Math.abs)));
      const step = 1e-5;
      weights.forEach((w, id) => {
        for (let i = 0; i < w.length; i++) {
          const before = w[i]!;
          w[i] = before + step;
          const above = reference(weights, kind);
          w[i] = before - step;
          const below = reference(weights, kind);
          w[i] = before;
          const difference = gradients.get(id)![i]! - (above - below) / (2 * step);
          expect(Math.abs(difference) / largest).toBeLessThan(1e-4);
        }
      });
    },
  );
});

describe('training', () => {
  it('goes down the gradient by the learning rate, with momentum', () => {
    const spec: NetworkSpec = { inputs: 1, layers: [{ units: 1, weight: { law: 'constant', value: 1 } }] };
    const trainer = new Trainer(buildNetwork(spec, 1), typescriptKernels(2 ** 20), {
      loss: 'meanSquare',
      learningRate: 0.1,
      momentum: 0.5,
      seed: 1,
    });
    // y = w·x + b at x = 2, target 0: ∂L/∂w = 2·y·2, ∂L/∂b = 2·y.
    const batch = { inputs: [2], targets: [0] };
    expect(trainer.step(batch).loss).toBeCloseTo(4, 6);
    expect(trainer.weights[0]![0]).toBeCloseTo(1 - 0.1 * 8, 6);
    expect(trainer.weights[1]![0]).toBeCloseTo(-0.1 * 4, 6);
    expect(trainer.step(batch).loss).toBeCloseTo(0, 6);
    // The gradient is 0 now; half of the last step is taken again.
    expect(trainer.weights[0]![0]).toBeCloseTo(0.2 - 0.1 * 4, 6);
  });

  it('stops changing weights once the loss is not finite', () => {
    const spec: NetworkSpec = { inputs: 1, layers: [{ units: 1, weight: { law: 'constant', value: 1e30 } }] };
    const trainer = new Trainer(buildNetwork(spec, 1), typescriptKernels(2 ** 20), {
      loss: 'meanSquare',
      learningRate: 1,
      seed: 1,
    });
    expect(trainer.step({ inputs: [1e30], targets: [0] }).loss).toBe(Infinity);
    expect(trainer.weights[0]![0]).toBe(Math.fround(1e30));
  });

  it('evaluates without a change', () => {
    const trainer = new Trainer(buildNetwork(SPEC, BATCH), typescriptKernels(2 ** 26), {
      loss: 'crossEntropy',
      learningRate: 1,
      seed: 3,
    });
    const before = trainer.weights.map((w) => [...w]);
    const batch = { inputs, targets: targets('crossEntropy') };
    const { loss } = trainer.evaluate(batch);
    expect(trainer.weights.map((w) => [...w])).toEqual(before);
    expect(trainer.step(batch).loss).toBe(loss);
    expect(trainer.evaluate(batch).loss).not.toBe(loss);
  });

  it('says whose law is not known', () => {
    const network = buildNetwork(SPEC, 1);
    const parameters = network.parameters.map((p) => ({ ...p, distribution: { kind: 'uninitialized' } as const }));
    expect(
      () =>
        new Trainer({ ...network, parameters }, typescriptKernels(2 ** 20), {
          loss: 'crossEntropy',
          learningRate: 1,
          seed: 1,
        }),
    ).toThrow('layer1.weight');
  });
});

describe('losses', () => {
  it('are those of certain and of undecided outputs', () => {
    const gradient = new Float32Array(2);
    expect(lossOf('crossEntropy', Float32Array.of(0, 0), [1], 2, gradient)).toEqual({ loss: Math.log(2), error: 1 });
    expect([...gradient]).toEqual([0.5, -0.5]);
    const one = new Float32Array(1);
    expect(lossOf('binaryCrossEntropy', Float32Array.of(1000), [0], 1, one)).toEqual({ loss: 1000, error: 1 });
    expect(one[0]).toBe(1);
    expect(lossOf('crossEntropy', Float32Array.of(NaN, 0), [1], 2, gradient)).toEqual({ loss: Infinity, error: 1 });
  });
});

describe('points of the plane', () => {
  it.each(PLANAR_SETS)('%s: as many of each class, in range, equal for equal seeds', (set) => {
    const a = planarData(set, 200, 5);
    expect(a).toEqual(planarData(set, 200, 5));
    expect(a.points).not.toEqual(planarData(set, 200, 6).points);
    expect(a.labels.reduce((sum, label) => sum + label, 0)).toBe(100);
    expect(Math.max(...a.points.map(Math.abs))).toBeLessThan(set === 'gaussians' ? 2 : 1.7);
  });
});
