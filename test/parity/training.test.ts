import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LossKind } from '../../src/core/experiments/training/losses.js';
import { buildNetwork } from '../../src/core/experiments/training/network.js';
import { Trainer } from '../../src/core/experiments/training/trainer.js';
import { createKernels, typescriptKernels } from '../../src/core/propagation/kernels/index.js';

interface Case {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly activation: string;
  readonly loss: LossKind;
  readonly learningRate: number;
  readonly momentum: number;
  readonly batch: number;
  readonly first: readonly (readonly number[])[];
  readonly steps: readonly {
    readonly inputs: readonly number[];
    readonly targets: readonly number[];
    readonly loss: number;
    readonly gradients: readonly (readonly number[])[];
    readonly weights: readonly (readonly number[])[];
  }[];
}

const cases = JSON.parse(readFileSync(new URL('training.json', import.meta.url), 'utf8')) as readonly Case[];

/** Largest difference, relative to the largest entry. */
function difference(own: ArrayLike<number> | undefined, theirs: readonly number[]): number {
  if (own?.length !== theirs.length) return Infinity;
  return Math.max(...theirs.map((v, i) => Math.abs(v - own[i]!))) / Math.max(...theirs.map(Math.abs));
}

describe.each([
  ['WebAssembly', () => createKernels({ limit: 2 ** 26 })],
  ['TypeScript', () => typescriptKernels(2 ** 26)],
])('networks trained as PyTorch trains them, kernels in %s', (_, make) => {
  it.each(cases.map((c): [string, Case] => [c.name, c]))('%s', (_name, c) => {
    const layers = c.sizes.slice(1).map((units, l) => ({
      units,
      activation: l < c.sizes.length - 2 ? c.activation : undefined,
      weight: { law: 'zeros' } as const,
    }));
    const trainer = new Trainer(buildNetwork({ inputs: c.sizes[0]!, layers }, c.batch), make(), { ...c, seed: 1 });
    c.first.forEach((entries, i) => {
      trainer.set(i, entries);
    });
    for (const step of c.steps) {
      const gradients = new Map<number, Float32Array>();
      const { loss } = trainer.step(step, { gradient: (id, g) => gradients.set(id, g.data.slice()) });
      expect(Math.abs(loss / step.loss - 1)).toBeLessThan(1e-5);
      step.gradients.forEach((g, i) => {
        expect(difference(gradients.get(i), g), `gradient ${String(i)}`).toBeLessThan(1e-5);
      });
      step.weights.forEach((w, i) => {
        expect(difference(trainer.weights[i], w), `weight ${String(i)}`).toBeLessThan(1e-5);
      });
    }
  });
});
