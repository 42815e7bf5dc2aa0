import { describe, expect, it } from 'vitest';
import { entries } from '../../../../src/core/frameworks/torch/ops/kit/entries.js';
import { linalgReductions, reductions } from '../../../../src/core/frameworks/torch/ops/reduce/index.js';
import type { Tensor } from '../../../../src/core/frameworks/torch/tensor.js';
import { normal } from '../../../../src/core/initializers/index.js';
import type { Tuple } from '../../../../src/core/python/values/index.js';
import { type Value } from '../../../../src/core/python/values/index.js';
import { Natives } from '../../../support/natives.js';

const natives = new Natives();
const torch = reductions.torch ?? {};
const call = (name: string, args: unknown[], kwargs: Readonly<Record<string, unknown>> = {}): Value =>
  natives.call(torch, name, args, kwargs);
const one = (name: string, args: unknown[], kwargs: Readonly<Record<string, unknown>> = {}): Tensor =>
  call(name, args, kwargs) as Tensor;
const many = (name: string, args: unknown[], kwargs: Readonly<Record<string, unknown>> = {}): Tensor[] =>
  (call(name, args, kwargs) as Tuple).items as Tensor[];

const NUMBERS = [3, 1, 2, 6, 5, 4];
const x = natives.tensor([2, 3], NUMBERS);

describe('reductions of known entries', () => {
  // Values from torch 2.13 on torch.tensor([[3., 1, 2], [6, 5, 4]]).
  it.each([
    ['sum', [], {}, [], [21]],
    ['sum', [0], {}, [3], [9, 6, 6]],
    ['sum', [-1, true], {}, [2, 1], [6, 15]],
    ['sum', [[0, 1]], { keepdim: true }, [1, 1], [21]],
    ['mean', [], { axis: 1 }, [2], [2, 5]],
    ['prod', [1], {}, [2], [6, 120]],
    ['amax', [0], {}, [3], [6, 5, 4]],
    ['amin', [], {}, [], [1]],
    ['argmax', [], {}, [], [3]],
    ['argmin', [1], {}, [2], [1, 2]],
    ['any', [1], {}, [2], [1, 1]],
    ['count_nonzero', [], {}, [], [6]],
    ['var', [], {}, [], [3.5]],
    ['var', [false], {}, [], [35 / 12]],
    ['std', [1], { correction: 0 }, [2], [Math.sqrt(2 / 3), Math.sqrt(2 / 3)]],
    ['var', [1, false, true], {}, [2, 1], [2 / 3, 2 / 3]],
    ['norm', [], {}, [], [Math.sqrt(91)]],
    ['norm', [1, 1], {}, [2], [6, 15]],
    ['norm', ['inf'], {}, [], [6]],
    ['logsumexp', [1], {}, [2], [3.4076059644, 6.4076059644]],
    ['cumsum', [0], {}, [2, 3], [3, 1, 2, 9, 6, 6]],
    ['cumprod', [1], {}, [2, 3], [3, 3, 6, 6, 30, 120]],
    ['median', [], {}, [], [3]],
    ['quantile', [0.5], {}, [], [3.5]],
    ['quantile', [0.25, 1], { keepdim: true, interpolation: 'lower' }, [2, 1], [1, 4]],
    ['argsort', [], { descending: true }, [2, 3], [0, 2, 1, 0, 1, 2]],
    ['trapz', [], {}, [2], [3.5, 10]],
    ['diff', [], {}, [2, 2], [-2, 1, -1, -1]],
    ['histc', [3], {}, [3], [2, 2, 2]],
  ] as const)('%s%j %j', (name, args, kwargs, shape, data) => {
    const y = one(name, [x, ...args], kwargs);
    expect(y.shape).toEqual(shape);
    expect(entries(y)?.length).toBe(data.length);
    for (const [i, v] of data.entries()) expect(entries(y)?.[i]).toBeCloseTo(v, 8);
  });

  it.each([
    ['max', [1], [3, 6], [0, 0]],
    ['min', [0], [3, 1, 2], [0, 0, 0]],
    ['sort', [], [1, 2, 3, 4, 5, 6], [1, 2, 0, 2, 1, 0]],
    ['topk', [2], [3, 2, 6, 5], [0, 2, 0, 1]],
    ['kthvalue', [2], [2, 5], [2, 1]],
    ['median', [1], [2, 5], [2, 1]],
    ['mode', [1], [1, 4], [1, 2]],
    ['cummax', [1], [3, 3, 3, 6, 6, 6], [0, 0, 0, 0, 0, 0]],
  ] as const)('%s%j with places', (name, args, values, indices) => {
    const result = call(name, [x, ...args]) as Tuple;
    const [v, i] = result.items as Tensor[];
    expect(v?.storage?.data).toEqual(values);
    expect(i?.storage?.data).toEqual(indices);
    expect(i?.dtype).toBe('int');
    expect(result.attributes?.get('values')).toBe(v);
  });

  it('keeps integers where torch does', () => {
    const n = natives.tensor([2], [2, 3], 'int');
    expect(one('prod', [n])).toMatchObject({ dtype: 'int', storage: { data: [6] } });
    expect(one('sum', [natives.tensor([2], [1, 1], 'bool')]).dtype).toBe('int');
    expect(one('std', [n]).dtype).toBe('float');
    expect(one('any', [n]).dtype).toBe('bool');
  });

  it('raises for axes that are not there', () => {
    expect(() => one('sum', [x, 2])).toThrow('Dimension out of range (expected to be in range of [-2, 1], but got 2)');
    expect(() => one('sum', [x, [0, -2]])).toThrow('dim 0 appears multiple times');
    expect(() => call('topk', [x, 4])).toThrow('selected index k out of range');
  });
});

describe('reductions of random tensors before forward', () => {
  const w = natives.random([64, 100], normal(0, 0.5));
  it('knows sums, means and norms of many entries', () => {
    expect(one('sum', [w, 1]).storage?.distribution).toMatchObject({ kind: 'normal', mean: 0, std: 5 });
    expect(one('mean', [w]).storage?.distribution.std).toBeCloseTo(0.5 / 80, 12);
    expect(one('norm', [w], { dim: 1, keepdim: true }).storage?.distribution.mean).toBeCloseTo(5, 2);
    expect(one('std', [w]).storage?.distribution.mean).toBeCloseTo(0.5, 6);
  });
  it('does not guess the others', () => {
    expect(one('amax', [w]).storage?.distribution.kind).toBe('unknown');
  });
});

describe('reductions in forward', () => {
  const last = (
    shape: Tensor['shape'],
    name: string,
    args: unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ) => {
    const { result, nodes } = natives.trace(shape, (t) => call(name, [t, ...args], kwargs));
    return { result, nodes, operation: nodes.at(-1)?.operation };
  };
  it.each([
    ['mean', [[2, 3]], { kind: 'reduce', how: 'mean', axes: [2, 3], keepDims: false }],
    ['amax', [-1], { kind: 'reduce', how: 'max', axes: [3], keepDims: false }],
    ['var', [1], { kind: 'reduce', how: 'variance', axes: [1], keepDims: false }],
    ['norm', [], { kind: 'reduce', how: 'norm', axes: [0, 1, 2, 3], keepDims: false }],
    ['cumsum', [-1], { kind: 'cumulate', how: 'sum', axis: 3 }],
    ['argmax', [1], { kind: 'place', of: 'max', axis: 1 }],
  ] as const)('%s%j', (name, args, operation) => {
    expect(last([8, 16, 7, 7], name, [...args]).operation).toMatchObject(operation);
  });

  it('keeps unknown sizes', () => {
    const n = natives.unknown('n');
    expect((last([n, 16], 'sum', [1]).result as Tensor).shape).toEqual([n]);
    expect((last(natives.unknown('x'), 'sum').result as Tensor).shape).toEqual([]);
  });

  it('gives max along an axis two results and max of two tensors one', () => {
    const { result, nodes } = last([8, 16], 'max', [1]);
    expect((result as Tuple).items.map((t) => (t as Tensor).shape)).toEqual([[8], [8]]);
    expect(nodes.map((n) => n.operation.kind)).toEqual(['reduce', 'place']);
    const both = natives.trace([2, 3], (t) => call('max', [t, x]));
    expect(both.nodes.at(-1)?.operation).toEqual({ kind: 'maximum' });
  });

  it('sorts without changing the entries', () => {
    expect(last([8, 16], 'sort').nodes.map((n) => n.operation.kind)).toEqual(['select', 'opaque']);
    expect(many('std_mean', [x])[1]?.storage?.data).toEqual([3.5]);
  });

  it('has linalg’s norms', () => {
    const spectral = natives.trace([8, 16], (t) => natives.call(linalgReductions, 'norm', [t, 2]));
    expect(spectral.nodes.at(-1)?.operation.kind).toBe('opaque');
    const vector = natives.call(linalgReductions, 'vector_norm', [x], { dim: 1 }) as Tensor;
    expect(vector.storage?.data).toEqual([Math.sqrt(14), Math.sqrt(77)]);
  });
});
