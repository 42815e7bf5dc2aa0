import { describe, expect, it } from 'vitest';
import { passThrough, type Chain } from '../../../src/core/experiments/chain.js';
import { normal } from '../../../src/core/initializers/index.js';
import { activationNamed } from '../../../src/core/propagation/activations/index.js';
import { createKernels } from '../../../src/core/propagation/kernels/index.js';

const fast = createKernels({ limit: 2 ** 24 });

function chain(widths: readonly number[], name: string, isTied: boolean): Chain {
  const laws = widths.slice(1).map((_, l) => normal(0, 1 / Math.sqrt(widths[l]!)));
  return { widths, laws, activation: activationNamed(name)!, isTied };
}

function passed(own: Chain, inputStd: number) {
  const forward: number[][] = [];
  const backward: number[][] = [];
  passThrough(fast, own, {
    samples: 3,
    inputStd,
    seed: 5,
    forward: (place, z) => (forward[place] = [...z]),
    backward: (place, g) => (backward[place] = [...g]),
  });
  return { forward, backward };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

describe('a chain', () => {
  it.each([
    ['of independent matrices', [7, 30, 12, 5], false],
    ['of tied ones', [7, 30, 7, 9, 7], true],
  ])('%s: what goes back is the transpose of what goes forward', (_, widths, isTied) => {
    const { forward, backward } = passed(chain(widths, 'identity', isTied), 1);
    const last = dot(forward.at(-1)!, backward.at(-1)!);
    // ⟨Wx, g⟩ = ⟨x, Wᵀg⟩ at every place.
    forward.forEach((z, place) => {
      expect(dot(z, backward[place]!)).toBeCloseTo(last, 4);
    });
  });

  it('goes back through the activations’ slopes', () => {
    // Of small inputs tanh is the identity, of large ones its slope is hardly anything.
    const widths = [20, 40, 40];
    const [linear, small, large] = [
      passed(chain(widths, 'identity', false), 1e-3),
      passed(chain(widths, 'tanh', false), 1e-3),
      passed(chain(widths, 'tanh', false), 1e3),
    ];
    small.backward[0]!.forEach((g, i) => {
      expect(g).toBeCloseTo(linear.backward[0]![i]!, 4);
    });
    expect(dot(large.backward[0]!, large.backward[0]!)).toBeLessThan(
      0.01 * dot(linear.backward[0]!, linear.backward[0]!),
    );
  });

  it('starts from inputs of exactly the root mean square asked for, and leaves no memory taken', () => {
    const { forward } = passed(chain([9, 4], 'tanh', false), 0.5);
    expect(dot(forward[0]!, forward[0]!) / forward[0]!.length).toBeCloseTo(0.25, 6);
    expect(fast.bytes.used).toBe(0);
  });
});
