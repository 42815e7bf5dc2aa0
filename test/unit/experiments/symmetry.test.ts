import { describe, expect, it } from 'vitest';
import { runSymmetry, SYMMETRY } from '../../../src/core/experiments/lab/symmetry.js';
import { typescriptKernels } from '../../../src/core/propagation/kernels/index.js';

const exact = typescriptKernels(2 ** 26);
const bench = { exact, fast: exact };

describe('units that start equal', () => {
  it.each([[[2]], [[3]], [[4, 5, 3]]])(
    'stay equal to the last bit through 300 steps: hidden layers of %j',
    (hidden) => {
      for (const activation of ['relu', 'tanh', 'sigmoid'] as const) {
        const run = runSymmetry({ ...SYMMETRY, hidden, activation }, bench);
        const start = run.frame();
        for (let i = 0; i < 300; i++) run.step();
        const end = run.frame();
        expect(end.identical).toBe(true);
        expect(end.apart).toBe(0);
        // They do move: alike is not frozen.
        expect(end.moves).toBe(true);
        expect(end.layers[0]?.weights).not.toEqual(start.layers[0]?.weights);
        expect(end.different).toEqual(hidden.map(() => 1));
        for (const { weights, gradients } of end.layers)
          for (const units of [weights, gradients]) for (const unit of units) expect(unit).toEqual(units[0]);
        const [, ...activations] = end.activations;
        for (const units of activations) expect(new Set(units).size).toBe(1);
      }
    },
  );

  it('part once one weight has a small random number added, and then learn more', () => {
    const equal = runSymmetry({ ...SYMMETRY, activation: 'tanh' }, bench);
    const nudged = runSymmetry({ ...SYMMETRY, activation: 'tanh', nudge: 0.01 }, bench);
    const first = nudged.frame().apart;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(0.05);
    for (let i = 0; i < 2000; i++) for (const run of [equal, nudged]) run.step();
    expect(nudged.frame().identical).toBe(false);
    expect(nudged.frame().apart).toBeGreaterThan(20 * first);
    expect(nudged.frame().loss).toBeLessThan(0.8 * equal.frame().loss);
  });

  it('one number parts one unit: the others stay equal to each other', () => {
    const run = runSymmetry({ ...SYMMETRY, hidden: [4, 3], activation: 'tanh', nudge: 0.01 }, bench);
    expect(run.frame().different).toEqual([2, 1]);
    for (let i = 0; i < 300; i++) run.step();
    const { different, layers, identical } = run.frame();
    expect(identical).toBe(false);
    expect(different).toEqual([2, 1]);
    expect(layers[0]?.weights[3]).toEqual(layers[0]?.weights[1]);
    expect(layers[0]?.weights[0]).not.toEqual(layers[0]?.weights[1]);
  });

  it('at zero, rectified units get no gradient at all: only the last bias moves', () => {
    const run = runSymmetry({ ...SYMMETRY, alpha: 0 }, bench);
    for (let i = 0; i < 50; i++) run.step();
    const { layers } = run.frame();
    expect(layers.flatMap((l) => l.gradients.flat()).every((g) => g === 0)).toBe(true);
    expect(layers.flatMap((l) => l.weights.flat()).every((w) => w === 0)).toBe(true);
  });
});
