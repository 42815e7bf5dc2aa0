import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Graph, GraphNode, GraphValue, ValueId } from '../../src/core/model/index.js';
import { constant } from '../../src/core/initializers/index.js';
import { planRun } from '../../src/core/propagation/batch/plan.js';
import { Run } from '../../src/core/propagation/batch/run.js';
import { Memory } from '../../src/core/propagation/batch/tensor/memory.js';
import { createKernels, typescriptKernels, type Kernels } from '../../src/core/propagation/kernels/index.js';

interface Case {
  readonly name: string;
  readonly values: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  readonly parameters: readonly {
    readonly shape: readonly number[];
    readonly entries: readonly number[];
    readonly gradient: readonly number[];
  }[];
  readonly outputs: readonly {
    readonly value: ValueId;
    readonly entries: readonly number[];
    readonly gradient: readonly number[];
  }[];
}

const cases = JSON.parse(readFileSync(new URL('graphs.json', import.meta.url), 'utf8')) as readonly Case[];

/** Largest difference, relative to the largest entry. */
function difference(own: ArrayLike<number> | undefined, theirs: readonly number[]): number {
  if (own?.length !== theirs.length) return Infinity;
  const largest = Math.max(1e-6, ...theirs.map(Math.abs));
  return Math.max(...theirs.map((v, i) => Math.abs(v - own[i]!))) / largest;
}

function compute({ values, nodes, parameters, outputs }: Case, kernels: Kernels) {
  const graph: Graph = { values, nodes, inputs: [], outputs: outputs.map((o) => o.value) };
  const forward = new Map<ValueId, Float32Array>();
  const gradients = new Map<number, Float32Array>();
  const { squares } = new Run(
    planRun(graph, [], { from: 'all' }),
    parameters.map(({ shape }) => ({ shape, distribution: constant(0) })),
    kernels,
    {
      seed: 1,
      training: true,
      room: 2 ** 26,
      given: {
        parameters: new Map(parameters.map((p, i) => [i, p.entries])),
        gradients: new Map(outputs.map((o) => [o.value, o.gradient])),
      },
    },
    {
      forward: (v, t) => forward.set(v, t.data.slice()),
      gradient: (id, g) => gradients.set(id, g.data.slice()),
    },
  ).run();
  return { forward, gradients, squares };
}

/** How many tensors each run still held at its end. */
const left: number[] = [];
const releaseAll = vi.spyOn(Memory.prototype, 'releaseAll').mockImplementation(function (this: Memory) {
  left.push(this.count);
});

afterAll(() => {
  releaseAll.mockRestore();
});

describe.each([
  ['WebAssembly', () => createKernels({ limit: 2 ** 27 })],
  ['TypeScript', () => typescriptKernels(2 ** 27)],
])('graphs as PyTorch computes them, kernels in %s', (_, make) => {
  const kernels = make();
  it.each(cases.map((c): [string, Case] => [c.name, c]))('%s', (_name, c) => {
    const { forward, gradients, squares } = compute(c, kernels);
    for (const o of c.outputs) expect(difference(forward.get(o.value), o.entries), 'output').toBeLessThan(2e-5);
    c.parameters.forEach((p, i) => {
      const own = gradients.get(i);
      const norm = p.gradient.reduce((s, g) => s + g * g, 0);
      if (own !== undefined) expect(difference(own, p.gradient), `gradient ${String(i)}`).toBeLessThan(1e-4);
      expect(Math.abs((squares.get(i) ?? 0) - norm)).toBeLessThan(1e-4 * Math.max(norm, 1e-6));
    });
    expect(left.at(-1), 'tensors held').toBe(0);
    expect(kernels.bytes.used).toBe(0);
  });
});
