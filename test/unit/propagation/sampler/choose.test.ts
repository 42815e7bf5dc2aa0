import { describe, expect, it } from 'vitest';
import { normal, orthogonal, uniform } from '../../../../src/core/initializers/index.js';
import { createKernels } from '../../../../src/core/propagation/kernels/index.js';
import {
  cheapestMap,
  DenseMap,
  GaussianMap,
  HaarMap,
  linearMap,
  ShiftedMap,
  type ChosenMap,
} from '../../../../src/core/propagation/sampler/index.js';
import type { KnownDistribution } from '../../../../src/core/model/index.js';

const kernels = createKernels({ limit: 2 ** 26 });

describe('the choice between a dense and a sampled matrix', () => {
  it('turns where both were measured to cost the same', () => {
    const turn = (columns: number): number => {
      let n = 8;
      while (cheapestMap('gaussian', { inputs: n, outputs: n, columns }) === 'dense') n += 8;
      return n;
    };
    expect(turn(1)).toBeLessThan(64);
    expect(turn(8)).toBeLessThan(96);
    expect(turn(32)).toBeGreaterThan(64);
    expect(turn(32)).toBeLessThan(256);
    expect(turn(128)).toBeGreaterThan(256);
    expect(turn(128)).toBeLessThan(1024);
  });

  it('counts all uses of a tied weight', () => {
    const sizes = { inputs: 512, outputs: 512, columns: 8 };
    expect(cheapestMap('gaussian', sizes)).toBe('gaussian');
    expect(cheapestMap('gaussian', { ...sizes, uses: 100 })).toBe('dense');
  });

  it('samples what would not fit', () => {
    expect(cheapestMap('gaussian', { inputs: 4096, outputs: 4096, columns: 4096, denseBytes: 2 ** 20 })).toBe(
      'gaussian',
    );
  });

  const choose = (
    distribution: KnownDistribution,
    inputs: number,
    outputs: number,
    sparseInputs = false,
  ): ChosenMap => {
    const fill = (w: Float32Array): void => {
      kernels.normal(w, 0, 1);
    };
    const chosen = linearMap(kernels, { distribution, inputs, outputs, columns: 4, fill, sparseInputs });
    chosen.map.dispose();
    return chosen;
  };

  it('follows the law of the weights', () => {
    expect(choose(normal(0, 0.1), 512, 512).map).toBeInstanceOf(GaussianMap);
    expect(choose(normal(0.1, 0.1), 512, 512).map).toBeInstanceOf(ShiftedMap);
    expect(choose(orthogonal(1, [512, 512]), 512, 512).map).toBeInstanceOf(HaarMap);
    expect(choose(uniform(-1, 1), 512, 512).map).toBeInstanceOf(DenseMap);
    expect(choose({ kind: 'constant', mean: 1, std: 0 }, 512, 512).map).toBeInstanceOf(DenseMap);
  });

  it('says where it takes a Gaussian for another law, and does not where inputs are sparse', () => {
    const large = choose(uniform(-1, 1), 2048, 1024);
    expect(large.map).toBeInstanceOf(GaussianMap);
    expect(large.approximation).toContain('uniform');
    expect(choose(uniform(-1, 1), 2048, 1024, true).approximation).toBeUndefined();
  });

  it('adds the mean of the weights in both directions', () => {
    const centred = new GaussianMap(kernels, { inputs: 3, outputs: 2, std: 0 });
    const map = new ShiftedMap(kernels, centred, 0.5);
    const [x, z, g] = [kernels.allocate(6), kernels.allocate(4), kernels.allocate(6)];
    x.set([1, 2, 3, -1, 0, 0]);
    const use = map.forward(x, 2, z);
    expect([...z]).toEqual([3, 3, -0.5, -0.5]);
    map.backward(use, z, g);
    expect([...g]).toEqual([3, 3, 3, -0.5, -0.5, -0.5]);
    map.dispose();
  });
});
