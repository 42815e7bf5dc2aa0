import { dirac, identity, orthogonal, sparse } from '../../../../initializers/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Tensor } from '../../tensor.js';
import type { Table } from '../kit/define.js';
import { MAX_ENTRIES } from '../kit/entries.js';
import { unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete, shapeText, symbol } from '../kit/sizes.js';
import { count } from '../storage/layout.js';
import { normalOf, unlessEmpty } from './checks.js';
import { amount, initializer, rankOf, unknownFill, withAmounts } from './fill.js';

type Arguments = Readonly<Record<string, Value>>;

function unknownShape(t: Tensor): string {
  return hasRank(t.shape) ? `its shape is ${shapeText(t.shape)}` : `its shape is not known: ${t.shape.reason}`;
}

function matrixOnly(t: Tensor, rt: Runtime): void {
  if ((rankOf(t) ?? 2) !== 2) rt.raise('ValueError', 'Only tensors with 2 dimensions are supported');
}

function eye(t: Tensor, rt: Runtime): Content {
  matrixOnly(t, rt);
  if (!isComplete(t.shape)) return unknownContent(`an identity matrix; ${unknownShape(t)}`);
  const columns = t.shape[1]!;
  const total = count(t.shape);
  const data = Array.from({ length: total > MAX_ENTRIES ? 0 : total }, (_, i) =>
    i % columns === Math.floor(i / columns) ? 1 : 0,
  );
  return { distribution: identity(t.shape), data: data.length > 0 ? data : null };
}

function passThrough(t: Tensor, a: Arguments, rt: Runtime): Content {
  const rank = rankOf(t);
  if (rank !== undefined && (rank < 3 || rank > 5))
    rt.raise('ValueError', 'Only tensors with 3, 4, or 5 dimensions are supported');
  const groups = amount(a['groups'] ?? null, 'groups', rt);
  if (typeof groups !== 'number') return unknownFill('groups', groups);
  const out = hasRank(t.shape) ? t.shape[0] : undefined;
  if (typeof out === 'number' && out % groups !== 0) rt.raise('ValueError', 'dim 0 must be divisible by groups');
  if (!isComplete(t.shape)) return unknownContent(`a Dirac kernel; ${unknownShape(t)}`);
  return { distribution: dirac(t.shape, groups) };
}

function semiOrthogonal(t: Tensor, a: Arguments, rt: Runtime): Content {
  if ((rankOf(t) ?? 2) < 2) rt.raise('ValueError', 'Only tensors with 2 or more dimensions are supported');
  const { shape } = t;
  if (!isComplete(shape)) return unknownContent(`std is gain/√max(rows, columns), ${unknownShape(t)}`);
  return {
    distribution: withAmounts({ gain: amount(a['gain'] ?? null, 'gain', rt) }, ({ gain }) => orthogonal(gain, shape)),
  };
}

function mostlyZero(t: Tensor, a: Arguments, rt: Runtime): Content {
  matrixOnly(t, rt);
  const given = { sparsity: amount(a['sparsity'] ?? null, 'sparsity', rt), std: amount(a['std'] ?? null, 'std', rt) };
  const rows = hasRank(t.shape) ? (t.shape[0] ?? 1) : t.shape;
  if (typeof rows !== 'number')
    return unknownContent(`a share of the rows is zero, and their number is ${symbol(rows)}`);
  const distribution = withAmounts(given, ({ sparsity, std }) => {
    normalOf(0, std, rt);
    return sparse([rows], sparsity, std);
  });
  return { distribution };
}

/** Initializers whose entries depend on where they stand. */
export const structured: Table = {
  ...initializer('eye_', 'ndimension', '', (t, _a, rt) => eye(t, rt)),
  ...initializer('dirac_', 'ndimension', 'groups=1', passThrough),
  ...initializer('orthogonal_', 'ndimension', 'gain=1, generator=None', (t, a, rt) => {
    // The number of axes is looked at first.
    if ((rankOf(t) ?? 2) < 2) return semiOrthogonal(t, a, rt);
    return unlessEmpty(t, () => semiOrthogonal(t, a, rt));
  }),
  ...initializer('sparse_', 'ndimension', 'sparsity, std=0.01, generator=None', mostlyZero),
};
