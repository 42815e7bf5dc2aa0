import { describe, expect, it } from 'vitest';
import { initFunctions, randomMethods } from '../../../../src/core/frameworks/torch/ops/init/index.js';
import { Tensor, type Size } from '../../../../src/core/frameworks/torch/tensor.js';
import type { Tuple } from '../../../../src/core/python/values/index.js';
import { Natives } from '../../../support/natives.js';

const natives = new Natives();
const init = (name: string, w: unknown, kwargs: Readonly<Record<string, unknown>> = {}): unknown =>
  natives.call(initFunctions, name, [w], kwargs);
const reasonOf = (w: Tensor): string | undefined =>
  w.storage?.distribution.kind === 'unknown' ? w.storage.distribution.reason : undefined;

/** Of a small tensor whose entries are known. */
function sumOf(t: Tensor): number {
  return (t.storage?.data as readonly number[]).reduce((a, b) => a + b);
}

describe('torch.nn.init', () => {
  it('returns what it was given and says who set the parameter', () => {
    const w = natives.parameter(30, 20);
    expect(init('kaiming_normal_', w)).toBe(w);
    expect(w.storage?.setBy.what).toBe('kaiming_normal_');
    init('xavier_uniform', w);
    expect(w.storage?.setBy.what).toBe('xavier_uniform_');
  });

  it('leaves unknown tensors as they are and names the attribute that others lack', () => {
    const unknown = natives.unknown('self.head');
    expect(init('xavier_uniform_', unknown)).toBe(unknown);
    expect(() => init('zeros_', null)).toThrow("'NoneType' object has no attribute 'zero_'");
    expect(() => init('xavier_normal_', 3)).toThrow("'int' object has no attribute 'dim'");
  });

  it('takes the slope only for leaky_relu', () => {
    const [a, b] = [natives.parameter(64, 50), natives.parameter(64, 50)];
    init('kaiming_normal_', a, { a: 0.2, nonlinearity: 'relu' });
    init('kaiming_normal_', b, { a: 0.2 });
    expect(a.storage?.distribution.std).toBeCloseTo(Math.sqrt(2 / 50), 12);
    expect(b.storage?.distribution.std).toBeCloseTo(Math.sqrt(2 / 1.04 / 50), 12);
  });

  it('says what an unknown scale would be', () => {
    const w = natives.parameter(8, natives.unknown('hidden * 4'));
    init('kaiming_normal_', w);
    expect(reasonOf(w)).toBe('std is √2/√fan_in, fan_in = hidden * 4');
    init('kaiming_normal_', w, { mode: 'fan_out', nonlinearity: 'linear' });
    expect(w.storage?.distribution.std).toBeCloseTo(1 / Math.sqrt(8), 12);
    init('xavier_uniform_', w, { gain: 0.5 });
    expect(reasonOf(w)).toBe('std is 0.5·√(2/(fan_in + fan_out)), fan_in = hidden * 4, fan_out = 8');
    init('normal_', w, { std: natives.unknown('config.std') });
    expect(reasonOf(w)).toBe('std is config.std, which is not known');
    expect((init('_calculate_fan_in_and_fan_out', w) as Tuple).items[1]).toBe(8);
  });

  it('keeps the errors that do not hang on unknown sizes', () => {
    const n = natives.unknown('n');
    expect(() => init('xavier_uniform_', natives.parameter(n))).toThrow('fewer than 2 dimensions');
    expect(() => init('kaiming_normal_', natives.parameter(n, 3), { nonlinearity: 'gelu' })).toThrow(
      'Unsupported nonlinearity gelu',
    );
    expect(() => init('kaiming_normal_', natives.parameter(n, 3), { mode: 'fan_avg' })).toThrow(
      'Mode fan_avg not supported',
    );
    expect(() => init('eye_', natives.parameter(n, 3, 3))).toThrow('Only tensors with 2 dimensions are supported');
  });

  it('writes the part of a parameter that a view covers, with the fans of the view', () => {
    const w = natives.parameter(30, 20);
    init('zeros_', w);
    const layout = { offset: 0, strides: [20, 1], entries: 600 };
    const view = new Tensor([10, 20], 'float', w.storage, null, { fraction: 1 / 3, layout });
    init('xavier_normal_', view);
    const d = w.storage?.distribution;
    expect(d?.kind).toBe('mixture');
    expect(d?.std).toBeCloseTo(Math.sqrt(2 / 30 / 3), 12);
  });

  it('keeps the entries of small constant tensors', () => {
    const w = natives.parameter(2, 3);
    init('eye_', w);
    expect(w.storage?.data).toEqual([1, 0, 0, 0, 1, 0]);
    init('constant_', w, { val: 0.5 });
    expect(w.storage).toMatchObject({ data: null, distribution: { kind: 'constant', mean: 0.5 } });
  });

  it('changes no parameter while forward is traced', () => {
    const w = natives.parameter(30, 20);
    natives.trace([2, 20], () => natives.call(initFunctions, 'zeros_', [w]));
    expect(w.storage?.distribution.kind).toBe('uninitialized');
  });
});

describe('methods that draw in place', () => {
  const drawn = (name: string, args: unknown[] = [], shape: Size[] = [50, 40]): Tensor => {
    const w = natives.parameter(...shape);
    expect(natives.call(randomMethods, name, [w, ...args])).toBe(w);
    return w;
  };
  it.each([
    ['normal_', [0.5, 2], 0.5, 2],
    ['uniform_', [-1, 1], 0, 1 / Math.sqrt(3)],
    ['exponential_', [2], 0.5, 0.5],
    ['geometric_', [0.25], 4, Math.sqrt(12)],
    ['log_normal_', [0, 0.5], Math.exp(0.125), Math.exp(0.125) * Math.sqrt(Math.expm1(0.25))],
    ['bernoulli_', [0.25], 0.25, Math.sqrt(3) / 4],
    ['random_', [10], 4.5, Math.sqrt(99 / 12)],
    ['fill_', [3], 3, 0],
    ['zero_', [], 0, 0],
  ] as const)('%s(%j)', (name, args, mean, std) => {
    const d = drawn(name, [...args]).storage?.distribution;
    expect(d?.mean).toBeCloseTo(mean, 10);
    expect(d?.std).toBeCloseTo(std, 10);
  });

  it('has torch’s errors, and no moments for a Cauchy distribution', () => {
    expect(reasonOf(drawn('cauchy_'))).toContain('neither mean nor variance');
    expect(() => drawn('normal_', [0, -1])).toThrow('normal expects std >= 0.0, but found std -1');
    expect(() => drawn('bernoulli_', [2])).toThrow('bernoulli_ expects p to be in [0, 1], but got p=2');
    expect(() => drawn('random_', [3, 1])).toThrow("random_ expects 'from' to be less than 'to'");
  });

  it('fills diagonals', () => {
    const w = drawn('zero_', [], [7, 3]);
    natives.call(randomMethods, 'fill_diagonal_', [w, 1]);
    expect(w.storage?.distribution.kind).toBe('identity');
    expect(w.storage?.distribution.mean).toBeCloseTo(3 / 21, 12);
    const wrapped = drawn('zero_', [], [7, 3]);
    natives.call(randomMethods, 'fill_diagonal_', [wrapped, 1, true]);
    expect(sumOf(wrapped)).toBe(6);
    const cube = drawn('zero_', [], [3, 3, 3]);
    natives.call(randomMethods, 'fill_diagonal_', [cube, 1]);
    expect(sumOf(cube)).toBe(3);
  });
});
