import { describe, expect, it } from 'vitest';
import { constant, normal, uniform } from '../../../../src/core/initializers/index.js';
import type { KnownDistribution } from '../../../../src/core/model/index.js';
import { drawParameter } from '../../../../src/core/propagation/batch/draw/blocks.js';
import { Weights } from '../../../../src/core/propagation/batch/draw/weights.js';
import { planRun } from '../../../../src/core/propagation/batch/plan.js';
import { Run } from '../../../../src/core/propagation/batch/run.js';
import { Memory } from '../../../../src/core/propagation/batch/tensor/memory.js';
import type { Tensor } from '../../../../src/core/propagation/batch/tensor/tensor.js';
import { createKernels } from '../../../../src/core/propagation/kernels/index.js';
import { GraphBuilder } from '../builder.js';

/** Large enough to be drawn in blocks, the last of which is not full. */
const LARGE = [5501, 768] as const;

describe('a large parameter is drawn in blocks of rows', () => {
  const padded: KnownDistribution = {
    kind: 'mixture',
    mean: 0,
    std: 0.02,
    parts: [
      { fraction: 1 / LARGE[0], distribution: constant(0) },
      { fraction: 1 - 1 / LARGE[0], distribution: normal(0, 0.02) },
    ],
    runs: [
      { part: 1, length: 100 * LARGE[1] },
      { part: 0, length: LARGE[1] },
      { part: 1, length: (LARGE[0] - 101) * LARGE[1] },
    ],
  };
  for (const distribution of [normal(0.5, 2), uniform(-1, 3), padded])
    it(`${distribution.kind}: some rows, and all by blocks, are those of the whole`, () => {
      const memory = new Memory(createKernels({ limit: 2 ** 27 }));
      const weights = new Weights([{ shape: [...LARGE], distribution }], memory, 3, 0);
      const whole = memory.make(LARGE);
      drawParameter(memory.kernels, { seed: 3, id: 0, distribution }, whole);
      const rows = [0, 84, 85, 86, 100, 2000, LARGE[0] - 1];
      const some = weights.takeRows(0, rows) as Tensor;
      rows.forEach((row, i) => {
        expect(some.data.slice(i * 768, (i + 1) * 768)).toEqual(whole.data.slice(row * 768, (row + 1) * 768));
      });
      let seen = 0;
      let different = 0;
      const visited = weights.eachBlock(0, (first, { shape, data }) => {
        expect(first).toBe(seen);
        seen += shape[0]!;
        data.forEach((v, i) => {
          if (v !== whole.data[first * 768 + i]) different++;
        });
      });
      expect([visited, seen, different]).toEqual([true, LARGE[0], 0]);
      memory.release(whole, some);
      expect(memory.count).toBe(0);
    });

  it('has the moments of its law, and no block repeats another', () => {
    const memory = new Memory(createKernels({ limit: 2 ** 27 }));
    const t = memory.make(LARGE);
    drawParameter(memory.kernels, { seed: 1, id: 0, distribution: normal(0, 2) }, t);
    const { sum, squares } = memory.kernels.sums(t.data);
    expect(Math.abs(sum / t.data.length)).toBeLessThan(0.01);
    expect(Math.sqrt(squares / t.data.length)).toBeCloseTo(2, 2);
    expect(new Set(Array.from({ length: 64 }, (_, b) => t.data[b * 85 * 768])).size).toBe(64);
  });

  it('is drawn where there is no room for it as where there is', () => {
    const memory = new Memory(createKernels({ limit: 2 ** 27 }));
    const parameter = { shape: [...LARGE], distribution: normal(0, 1) };
    const roomy = new Weights([parameter], memory, 3, 2 ** 23);
    expect(roomy.eachBlock(0, () => expect.unreachable())).toBe(false);
    const whole = roomy.take(0) as Tensor;
    const narrow = new Weights([parameter], memory, 3, 0).takeRows(0, [4000]) as Tensor;
    expect(narrow.data).toEqual(whole.data.slice(4000 * 768, 4001 * 768));
  });
});

describe('the gradient of a table', () => {
  /** Squared norms by parameter: from whole gradients where they are watched. */
  function squares(g: GraphBuilder, output: number, isWatched: boolean, room = 2 ** 26): ReadonlyMap<number, number> {
    const graph = { values: g.values, nodes: g.nodes, inputs: g.inputs, outputs: [output] };
    const watch = isWatched ? { gradient: () => undefined } : {};
    const plan = planRun(graph, g.parameters);
    const kernels = createKernels({ limit: 2 ** 27, repeatable: true });
    const { squares } = new Run(plan, g.parameters, kernels, { seed: 5, training: true, room }, watch).run();
    expect(kernels.bytes.used).toBe(0);
    return squares;
  }

  function languageModel(rows: number, width: number, isTied: boolean, lookups = 1) {
    const g = new GraphBuilder();
    const table = g.parameter([rows, width], normal(0, 1));
    let x: number | undefined;
    for (let i = 0; i < lookups; i++) {
      const tokens = g.input([4, 5], rows);
      const own = g.node({ kind: 'embedding', weight: table }, [tokens], [4, 5, width]);
      x = x === undefined ? own : g.node({ kind: 'add' }, [x, own], [4, 5, width]);
    }
    const head = isTied ? table : g.parameter([rows, width], normal(0, 1));
    return { g, output: g.node({ kind: 'linear', weight: head }, [x!], [4, 5, rows]) };
  }

  for (const [name, isTied, lookups] of [
    ['by the rows that were looked up', false, 1],
    ['looked up twice', false, 2],
    ['tied to the head', true, 1],
    ['tied to the head and looked up twice', true, 2],
  ] as const)
    it(`${name}, has the norm of the whole`, () => {
      const { g, output } = languageModel(300, 40, isTied, lookups);
      const [parts, whole] = [false, true].map((isWatched) => squares(g, output, isWatched));
      expect([...parts!.keys()].sort()).toEqual([...whole!.keys()].sort());
      for (const [id, norm] of whole!) expect(parts!.get(id)! / norm).toBeCloseTo(1, 5);
    });

  it('is the same where a tied weight is too large to be held', () => {
    const { g, output } = languageModel(...LARGE, true);
    const [held, inBlocks] = [2 ** 26, 0].map((room) => squares(g, output, false, room).get(0)!);
    expect(inBlocks! / held!).toBeCloseTo(1, 5);
  });

  it('is that of a product and rows, small enough to be summed whole', () => {
    const { g, output } = languageModel(12, 8, true);
    expect(squares(g, output, false).get(0)! / squares(g, output, true).get(0)!).toBeCloseTo(1, 6);
  });
});
