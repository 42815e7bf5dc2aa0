import { describe, expect, it } from 'vitest';
import { constant, normal, orthogonal } from '../../../../src/core/initializers/index.js';
import type { Distribution, Layer, ValueId } from '../../../../src/core/model/index.js';
import {
  Cancelled,
  mergeSeeds,
  simulateFinite,
  tooLarge,
  type BatchStatistics,
  type FiniteOptions,
} from '../../../../src/core/propagation/batch/index.js';
import { GraphBuilder } from '../builder.js';

/** A model whose layers are the given values. */
function modelOf(g: GraphBuilder, outputs: ValueId[]) {
  const layers = g.nodes.flatMap((node, i): Layer[] =>
    node.outputs.map((output) => ({
      name: `v${String(output)}`,
      type: node.operation.kind,
      kind: 'function',
      inputs: node.inputs,
      output,
      nodes: [i, i + 1],
      parameters: [],
    })),
  );
  const parameters = g.parameters.map((p) => ({ ...p, aliases: [], setBy: { what: 'test' } }));
  return { graph: { values: g.values, nodes: g.nodes, inputs: g.inputs, outputs }, parameters, layers };
}

function run(g: GraphBuilder, outputs: ValueId[], options: FiniteOptions = {}): BatchStatistics {
  const result = simulateFinite(modelOf(g, outputs), { seeds: 3, ...options });
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

function perceptron(
  width: number,
  depth: number,
  weight: (fan: number) => Distribution = (fan) => normal(0, Math.sqrt(2 / fan)),
) {
  const g = new GraphBuilder();
  let x = g.input([16, width]);
  const after: ValueId[] = [];
  for (let i = 0; i < depth; i++) {
    const id = g.parameter([width, width], weight(width));
    x = g.node({ kind: 'linear', weight: id }, [x], [16, width]);
    x = g.node({ kind: 'activation', name: 'relu', constants: {} }, [x], [16, width]);
    after.push(x);
  }
  return { g, after };
}

describe('a run at the real widths', () => {
  it.each(['dense', 'sampler'] as const)('draws a copied weight once (%s)', (engine) => {
    const g = new GraphBuilder();
    const x = g.input([8, 128]);
    const ids = [0, 1, 2].map(() => g.parameter([128, 128], normal(0, 0.1)));
    const outputs = ids.map((weight) => g.node({ kind: 'linear', weight }, [x], [8, 128]));
    const model = modelOf(g, outputs);
    const parameters = model.parameters.map((p, id) =>
      id === 1 ? { ...p, sameAs: { parameter: ids[0]!, by: 'copy' as const } } : p,
    );
    const result = simulateFinite({ ...model, parameters }, { seeds: 2, engine });
    if ('refused' in result) throw new Error(result.refused);
    const [first, copy, other] = outputs.map((v) => result.forward.get(v)!.variance);
    expect(copy).toBe(first);
    expect(other).not.toBe(first);
  });

  for (const engine of ['dense', 'sampler'] as const)
    it(`keeps the scale of He's initialization (${engine})`, () => {
      const { g, after } = perceptron(256, 6);
      const result = run(g, [after.at(-1)!], { engine, seeds: 6 });
      const forward = result.forward.get(after[0]!)!;
      expect(forward.mean ** 2 + forward.variance).toBeGreaterThan(0.8);
      expect(forward.mean ** 2 + forward.variance).toBeLessThan(1.2);
      const first = result.backward.get(after[0]!)!.variance;
      expect(first).toBeGreaterThan(0.6);
      expect(first).toBeLessThan(1.6);
      const gradient = result.weights.get(0)!;
      expect(gradient.meanSquare.low).toBeLessThanOrEqual(gradient.meanSquare.median);
      expect(gradient.ratio!.median).toBeGreaterThan(0);
      expect(result.finite.get(after[0]!)!.seeds).toBe(6);
    });

  it('agrees with itself however orthogonal weights are drawn', () => {
    const results = (['dense', 'sampler'] as const).map((engine) => {
      const { g, after } = perceptron(192, 4, () => orthogonal(Math.SQRT2, [192, 192]));
      const result = run(g, [after.at(-1)!], { engine, seeds: 5 });
      return { forward: result.forward.get(after[3]!)!.variance, backward: result.backward.get(after[0]!)!.variance };
    });
    expect(Math.abs(Math.log(results[0]!.forward / results[1]!.forward))).toBeLessThan(0.25);
    expect(Math.abs(Math.log(results[0]!.backward / results[1]!.backward))).toBeLessThan(0.35);
  });

  it('uses one draw of a weight that is used twice', () => {
    const g = new GraphBuilder();
    const x = g.input([4, 8]);
    const weight = g.parameter([8, 8], normal(0, 1));
    const a = g.node({ kind: 'linear', weight }, [x], [4, 8]);
    const b = g.node({ kind: 'linear', weight }, [x], [4, 8]);
    const difference = g.node({ kind: 'subtract' }, [a, b], [4, 8]);
    for (const engine of ['dense', 'sampler'] as const)
      expect(run(g, [difference], { engine }).forward.get(difference)!.variance).toBeLessThan(1e-9);
  });

  it('goes on around what has no rule', () => {
    const g = new GraphBuilder();
    const x = g.input([4, 8]);
    const odd = g.node({ kind: 'opaque', name: 'fft', reason: 'no rule for fft' }, [x], [4, 8]);
    const sum = g.node({ kind: 'add' }, [odd, x], [4, 8]);
    const y = g.linear(x, 3);
    const result = run(g, [y, sum]);
    expect(result.unknown.get(sum)).toBe('no rule for fft');
    expect(result.forward.get(y)!.variance).toBeGreaterThan(0);
  });

  it('says what to choose when memory does not do', () => {
    const { g, after } = perceptron(256, 4);
    const result = simulateFinite(modelOf(g, [after.at(-1)!]), { memoryLimit: 20_000 });
    expect(result).toHaveProperty(
      'refused',
      expect.stringMatching(/needs at least \d+ MB in all, and 1 MB are allowed.*smaller batch/),
    );
  });

  it('never says that it needs less than is allowed', () => {
    expect(tooLarge(2 ** 28, 400 * 2 ** 20).refused).toMatch(/needs more than 400 MB in all, and 400 MB are allowed/);
  });

  it('draws weights again where there is no room to keep them, and they are the same', () => {
    const { g, after } = perceptron(64, 4);
    const [roomy, narrow] = [2 ** 26, 200_000].map((memoryLimit) => run(g, [after.at(-1)!], { memoryLimit }));
    expect(narrow).toEqual(roomy);
  });

  it('reports progress and stops when told to', () => {
    const { g, after } = perceptron(16, 2);
    const seen: number[] = [];
    run(g, [after.at(-1)!], { onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(() => simulateFinite(modelOf(g, [after.at(-1)!]), { isCancelled: () => true })).toThrow(Cancelled);
  });

  it('puts seeds together in any order', () => {
    const empty = { backward: [], units: [], weights: [], unknown: [], notes: [] };
    const seed = (variance: number) => ({
      ...empty,
      forward: [[0, { mean: 1, variance, histogram: { limit: 1, counts: new Array<number>(40).fill(1) } }]] as const,
    });
    const [a, b] = [mergeSeeds([seed(1), seed(3)]), mergeSeeds([seed(3), seed(1)])];
    expect(a.forward.get(0)).toEqual({ mean: 1, variance: 2 });
    expect(a).toEqual(b);
  });

  it('draws integers over their range, constants as they are, inputs as told', () => {
    const g = new GraphBuilder();
    const tokens = g.input([64, 16], 10);
    const table = g.parameter([10, 4], constant(2));
    const y = g.node({ kind: 'embedding', weight: table }, [tokens], [64, 16, 4]);
    const x = g.input([64, 16]);
    const z = g.node({ kind: 'affine', factor: 1, offset: 1 }, [x], [64, 16]);
    const result = run(g, [y], { inputs: [undefined, { mean: 3, variance: 4 }] });
    expect(result.forward.get(y)!.mean).toBe(2);
    expect(result.forward.get(z)!.mean).toBeCloseTo(4, 0);
    expect(result.forward.get(tokens)!.variance).toBeCloseTo(99 / 12, 0);
  });
});
