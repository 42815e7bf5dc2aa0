import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIVATIONS } from '../../../../src/core/propagation/activations/index.js';
import { typescriptKernels, webAssemblyKernels, type Kernels } from '../../../../src/core/propagation/kernels/index.js';

const limit = 64 * 2 ** 20;
const fast = webAssemblyKernels({ limit, fused: false })!;
const slow = typescriptKernels(limit);
const size = fc.integer({ min: 1, max: 70 });
/** Beyond the columns that are summed up together, too. */
const wide = fc.oneof({ weight: 5, arbitrary: size }, { weight: 1, arbitrary: fc.integer({ min: 250, max: 530 }) });
const depth = fc.oneof(fc.constant(0), size, fc.integer({ min: 250, max: 600 }));

function filled(kernels: Kernels, length: number): Float32Array {
  const array = kernels.allocate(length);
  kernels.normal(array, 0.3, 1.5);
  return array;
}

/** The same numbers in an array of other kernels. */
function copied(kernels: Kernels, array: Float32Array): Float32Array {
  const copy = kernels.allocate(array.length);
  copy.set(array);
  return copy;
}

/** Zeros above the diagonal of op(A). */
function clearAbove(a: Float32Array, m: number, k: number, transposed: boolean): void {
  for (let i = 0; i < m; i++) for (let p = i + 1; p < k; p++) a[transposed ? p * m + i : i * k + p] = 0;
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

describe('WebAssembly kernels and their TypeScript twin', () => {
  it('multiply alike, with every transpose, factor and shape', () => {
    fc.assert(
      fc.property(
        fc.record({ m: size, n: wide, k: depth, transposeA: fc.boolean(), transposeB: fc.boolean() }),
        fc.record({ triangular: fc.boolean(), alpha: fc.constantFrom(1, -0.5), beta: fc.constantFrom(0, 1, 0.25) }),
        (shape, { triangular, ...factors }) => {
          const { m, n, k } = shape;
          const options = { ...shape, ...factors, triangular: triangular && !shape.transposeB };
          const [a, b, c] = [filled(fast, m * k), filled(fast, k * n), filled(fast, m * n)];
          if (options.triangular) clearAbove(a, m, k, shape.transposeA);
          const twin = [copied(slow, a), copied(slow, b), copied(slow, c)] as const;
          fast.multiply({ ...options, a, b, c });
          slow.multiply({ ...options, a: twin[0], b: twin[1], c: twin[2] });
          const difference = worst(c, twin[2]);
          fast.free(a, b, c);
          slow.free(...twin);
          expect(difference).toBeLessThan(2e-5 * Math.sqrt(k) + 1e-5);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
    expect(fast.bytes.used).toBe(0);
  });

  it('sum Gram matrices alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 140 }), depth, fc.boolean(), (rows, columns, single) => {
        const x = filled(fast, rows * columns);
        const twin = copied(slow, x);
        const [out, expected] = [fast.allocateDoubles(rows * rows), slow.allocateDoubles(rows * rows)];
        fast.gram(x, rows, columns, out, single ? 'single' : 'double');
        slow.gram(twin, rows, columns, expected);
        const difference = worst(out, expected) / Math.max(1, columns);
        fast.free(x, out);
        slow.free(twin, expected);
        expect(difference).toBeLessThan(single ? 3e-6 : 1e-13);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('factor, invert and multiply small matrices of doubles alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.boolean(), (n, transposeA, transposeB) => {
        const results = [fast, slow].map((kernels) => {
          kernels.seed(n, 3);
          const x = filled(kernels, n * (n + 9));
          const [a, inverse, c] = [0, 1, 2].map(() => kernels.allocateDoubles(n * n)) as [
            Float64Array,
            Float64Array,
            Float64Array,
          ];
          kernels.gram(x, n, n + 9, a);
          const before = kernels.allocateDoubles(n * n);
          before.set(a);
          const ratio = kernels.cholesky(a, n, 1e-12);
          kernels.invertLower(a, n, inverse);
          kernels.multiplyDoubles({ a: inverse, b: before, c, m: n, n, k: n, transposeA, transposeB });
          // L⁻¹·K·L⁻ᵀ is the identity.
          const whole = kernels.allocateDoubles(n * n);
          kernels.multiplyDoubles({ a: inverse, b: before, c: whole, m: n, n, k: n, triangular: true });
          const identity = kernels.allocateDoubles(n * n);
          kernels.multiplyDoubles({ a: whole, b: inverse, c: identity, m: n, n, k: n, transposeB: true });
          for (let i = 0; i < n; i++) expect(identity[i * n + i]).toBeCloseTo(1, 8);
          return { ratio, numbers: [...a, ...inverse, ...c, ...identity] };
        });
        const [first, second] = results as [(typeof results)[0], (typeof results)[0]];
        expect(first.ratio).toBeCloseTo(second.ratio, 4);
        const scale = Math.max(...second.numbers.map(Math.abs));
        expect(worst(first.numbers, second.numbers) / scale).toBeLessThan(1e-3);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('draw the same numbers', () => {
    for (const length of [1, 7, 8, 9, 1000, 2048, 5001]) {
      for (const kernels of [fast, slow]) kernels.seed(42, length);
      const normals = [fast, slow].map((kernels) => {
        const out = kernels.allocate(length);
        kernels.normal(out, 0.5, 2);
        return out;
      });
      expect(worst(normals[0]!, normals[1]!)).toBeLessThan(5e-6);
      const uniforms = [fast, slow].map((kernels) => {
        const out = kernels.allocate(length);
        kernels.uniform(out, -1, 3);
        return out;
      });
      expect(worst(uniforms[0]!, uniforms[1]!)).toBe(0);
    }
  });

  it('add, scale and sum alike', () => {
    for (const length of [1, 5, 8, 1003]) {
      const [a, b] = [filled(fast, length), filled(fast, length)];
      const [c, d] = [copied(slow, a), copied(slow, b)];
      fast.addScaled(a, b, -0.7);
      slow.addScaled(c, d, -0.7);
      fast.scale(a, 3);
      slow.scale(c, 3);
      expect(worst(a, c)).toBeLessThan(5e-6);
      fast.multiplyElements(a, b, a);
      slow.multiplyElements(c, d, c);
      expect(worst(a, c)).toBeLessThan(5e-5);
      expect(fast.sums(a).sum).toBeCloseTo(slow.sums(c).sum, 2);
      expect(fast.sums(a).squares / slow.sums(c).squares).toBeCloseTo(1, 5);
    }
  });

  it('multiply by a quadratic alike', () => {
    for (const length of [1, 5, 8, 1003]) {
      const [g, y] = [filled(fast, length), filled(fast, length)];
      const [h, z] = [copied(slow, g), copied(slow, y)];
      fast.multiplyByQuadratic(g, y, g, [1, 0.5, -1]);
      slow.multiplyByQuadratic(h, z, h, [1, 0.5, -1]);
      expect(worst(g, h)).toBeLessThan(1e-4);
    }
  });

  it.each(ACTIVATIONS.map((a) => a.name))('%s and its slope', (name) => {
    const points = Float32Array.from({ length: 2403 }, (_, i) => (i - 1201) / 60 + 1e-3);
    const results = [fast, slow].map((kernels) => {
      const x = copied(kernels, points);
      const [y, slope] = [kernels.allocate(x.length), kernels.allocate(x.length)];
      expect(kernels.activate(name, x, y, slope)).toBe(true);
      const alone = kernels.allocate(x.length);
      kernels.activate(name, x, alone);
      expect(alone).toEqual(y);
      return { y, slope };
    });
    for (const part of ['y', 'slope'] as const) {
      const [a, b] = [results[0]![part], results[1]![part]];
      for (let i = 0; i < a.length; i++) {
        if (Object.is(a[i], b[i])) continue;
        expect(Math.abs(a[i]! - b[i]!), `${part} at ${points[i]}`).toBeLessThan(4e-6 * Math.max(1, Math.abs(b[i]!)));
      }
    }
  });

  it('tell an activation that there is not, and take constants by any of their names', () => {
    const x = copied(fast, Float32Array.of(-2, 3, -1));
    const y = fast.allocate(3);
    expect(fast.activate('no such thing', x, y)).toBe(false);
    fast.activate('leaky_relu', x, y, undefined, { negative_slope: 0.5 });
    expect([...y]).toEqual([-1, 3, -0.5]);
  });
});
