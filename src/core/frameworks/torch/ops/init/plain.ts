import type { Distribution } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import type { Table } from '../kit/define.js';
import { filledWith, normalOf, truncatedOf, uniformOf } from './checks.js';
import { amount, initializer, withAmounts, type Amount } from './fill.js';

type Arguments = Readonly<Record<string, Value>>;

function amounts<const K extends string>(a: Arguments, names: readonly K[], rt: Runtime): Record<K, Amount> {
  return Object.fromEntries(names.map((n) => [n, amount(a[n] ?? null, n, rt)])) as Record<K, Amount>;
}

const uniforms = (_t: Tensor, args: Arguments, rt: Runtime): Distribution =>
  withAmounts(amounts(args, ['a', 'b'], rt), (n) => uniformOf(n.a, n.b, rt));

const normals = (_t: Tensor, args: Arguments, rt: Runtime): Distribution =>
  withAmounts(amounts(args, ['mean', 'std'], rt), ({ mean, std }) => normalOf(mean, std, rt));

const truncated = (_t: Tensor, args: Arguments, rt: Runtime): Distribution =>
  withAmounts(amounts(args, ['mean', 'std', 'a', 'b'], rt), ({ mean, std, a, b }) => truncatedOf(mean, std, a, b, rt));

/** Initializers whose arguments say everything; the wrappers with `_no_grad_` are what older code imports. */
export const plain: Table = {
  ...initializer('uniform_', 'uniform_', 'a=0.0, b=1.0, generator=None', uniforms),
  ...initializer('normal_', 'normal_', 'mean=0.0, std=1.0, generator=None', normals),
  ...initializer('trunc_normal_', 'is_meta', 'mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None', truncated),
  ...initializer('constant_', 'fill_', 'val', (t, a, rt) => filledWith(t, a['val'] ?? null, rt)),
  ...initializer('ones_', 'fill_', '', (t, _a, rt) => filledWith(t, 1, rt)),
  ...initializer('zeros_', 'zero_', '', (t, _a, rt) => filledWith(t, 0, rt)),
  ...initializer('_no_grad_uniform_', 'uniform_', 'a, b, generator=None', uniforms),
  ...initializer('_no_grad_normal_', 'normal_', 'mean, std, generator=None', normals),
  ...initializer('_no_grad_trunc_normal_', 'is_meta', 'mean, std, a, b, generator=None', truncated),
  ...initializer('_no_grad_fill_', 'fill_', 'val', (t, a, rt) => filledWith(t, a['val'] ?? null, rt)),
  ...initializer('_no_grad_zero_', 'zero_', '', (t, _a, rt) => filledWith(t, 0, rt)),
};
