import type { Operation } from '../../../model/index.js';
import { mainRole } from '../axes.js';
import {
  at,
  averagedOver,
  axisSize,
  bit,
  CLASSES,
  newKernel,
  ROLES,
  rolesOf,
  type Axis,
  type Field,
} from '../field.js';
import { GAUSSIAN } from '../marginal.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { maximumOf } from './max-pool.js';
import { logSumExpMean } from '../log-sum-exp.js';
import { floats, mapped } from '../floats.js';

type Reduce = Extract<Operation, { kind: 'reduce' }>;

interface Reduction {
  readonly group: readonly { readonly role: number; readonly count: number; readonly persists: boolean }[];
  readonly n: number;
  readonly axes: readonly Axis[];
}

function reductionOf(op: Reduce, x: Field): Reduction {
  const over = new Set(op.axes);
  const kept = x.axes.filter((_, i) => !over.has(i));
  const keptRoles = rolesOf(kept);
  const group: { role: number; count: number; persists: boolean }[] = [];
  let n = 1;
  for (let role = 0; role < ROLES; role++) {
    let count = 1;
    x.axes.forEach((axis, i) => {
      if (over.has(i)) for (const f of axis) if (f.role === role) count *= f.size;
    });
    if (count > 1) group.push({ role, count, persists: (keptRoles & bit(role)) !== 0 });
    n *= count;
  }
  const axes: Axis[] = op.keepDims
    ? x.axes.map((a, i) => (over.has(i) ? [{ role: mainRole(a), size: 1 }] : a))
    : kept.slice();
  return { group, n, axes };
}

function averaged(kernel: Float64Array, r: Reduction): Float64Array {
  let k = kernel;
  for (const { role, count, persists } of r.group) {
    k = averagedOver(k, role, count);
    if (!persists) {
      const once = k;
      k = newKernel((m) => at(once, m & ~bit(role)));
    }
  }
  return k;
}

function squared(x: Field): Float64Array {
  // E[x²x′²] for a Gaussian pair: (E x²)² + 2·cov² (means included to first order).
  const q = at(x.kernel, 0);
  const m2 = x.mean * x.mean;
  return newKernel((m) => q * q + 2 * (at(x.kernel, m) ** 2 - m2 * m2));
}

/** A value that hardly varies: mean and small variance given. */
function nearly(mean: number, second: Float64Array, scale: number, r: Reduction): Field {
  return { mean, kernel: second, scale, axes: r.axes };
}

export const reduce: Rule<'reduce'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const r = reductionOf(op, x);
    const average = averaged(x.kernel, r);
    const variance = Math.max(0, at(x.kernel, 0) - at(average, 0));
    switch (op.how) {
      case 'mean':
        return [{ mean: x.mean, kernel: average, scale: x.scale, axes: r.axes }];
      case 'sum':
        return [{ mean: x.mean * r.n, kernel: mapped(average, (k) => k * r.n * r.n), scale: x.scale, axes: r.axes }];
      case 'variance':
        return [
          nearly(
            variance,
            newKernel(() => variance * variance),
            2 * x.scale,
            r,
          ),
        ];
      case 'std':
        return [
          nearly(
            Math.sqrt(variance),
            newKernel(() => variance),
            x.scale,
            r,
          ),
        ];
      case 'norm': {
        const total = r.n * at(x.kernel, 0);
        const fluctuation = averaged(squared(x), r);
        const q2 = at(x.kernel, 0) ** 2;
        // √ of a sum of squares: relative variance a quarter of the sum's.
        const v = q2 > 0 ? Math.max(0, at(fluctuation, 0) / q2 - 1) / 4 : 0;
        const mean = Math.sqrt(total * Math.max(0, 1 - v));
        return [
          {
            mean,
            kernel: newKernel(
              (m) =>
                mean * mean + total * v * (q2 > 0 && v > 0 ? Math.max(0, at(fluctuation, m) / q2 - 1) / (4 * v) : 0),
            ),
            scale: x.scale,
            axes: r.axes,
          },
        ];
      }
      case 'max':
      case 'min':
        return [extremeOf(op.how, x, r, c)];
      case 'logsumexp': {
        const s2 = variance * Math.pow(2, Math.min(200, x.scale));
        const unit = Math.pow(2, Math.min(200, x.scale));
        const shift = logSumExpMean(r.n, s2);
        const mean = x.mean * Math.sqrt(unit) + shift;
        return [
          {
            mean,
            kernel: newKernel((m) => at(average, m) * unit - x.mean * x.mean * unit + mean * mean),
            scale: 0,
            axes: r.axes,
          },
        ];
      }
      case 'prod': {
        c.note('product over an axis taken as of independent entries');
        const q = Math.pow(at(x.kernel, 0), r.n);
        if (!Number.isFinite(q) || x.scale !== 0) return { unknown: 'a product that leaves the range of doubles' };
        const mean = Math.pow(x.mean, r.n);
        return [
          {
            mean,
            kernel: newKernel((m) => (m === 0 ? q : Math.pow(Math.max(0, at(x.kernel, m)), r.n))),
            scale: 0,
            axes: r.axes,
          },
        ];
      }
    }
  },
  backward(op, [x], [y], [g], c) {
    if (g === undefined || x === undefined || y === undefined) return [undefined];
    const r = reductionOf(op, x);
    // The same gradient goes to every entry reduced.
    const roles = r.group.reduce((mask, q) => (q.persists ? mask : mask | bit(q.role)), 0);
    const spread = newKernel((m) => at(g.kernel, m & ~roles));
    const scaled = (f: number): Gradient => ({
      mean: 0,
      kernel: mapped(spread, (k) => k * f),
      scale: g.scale,
      axes: x.axes,
    });
    switch (op.how) {
      case 'mean':
        return [scaled(1 / (r.n * r.n))];
      case 'sum':
        return [scaled(1)];
      case 'max':
      case 'min':
        return [{ ...scaled(1 / r.n), kernel: mapped(spread, (k, m) => (m & roles ? 0 : k / r.n)) }];
      case 'variance':
      case 'std':
      case 'norm': {
        // d var = 2(x − x̄)/n, d std = (x − x̄)/(n·std), d‖x‖ = x/‖x‖.
        const q = at(x.kernel, 0);
        const variance = Math.max(0, q - at(averaged(x.kernel, r), 0));
        const size = op.how === 'norm' ? q : variance;
        if (!(size > 0)) return [scaled(0)];
        const factor =
          op.how === 'variance' ? (4 * variance) / (r.n * r.n) : op.how === 'std' ? 1 / (r.n * r.n) : 1 / r.n;
        const along = newKernel((m) => (m & roles ? 0 : 1));
        return [
          {
            mean: 0,
            kernel: mapped(spread, (k, m) => k * factor * at(along, m)),
            scale: op.how === 'variance' ? g.scale + x.scale : g.scale,
            axes: x.axes,
          },
        ];
      }
      case 'logsumexp':
        return [scaled(1 / (r.n * r.n))];
      case 'prod':
        c.note('gradient of a product over an axis not followed');
        return [{ mean: 0, kernel: floats(CLASSES), scale: 0, axes: x.axes }];
    }
  },
};

function extremeOf(how: 'max' | 'min', x: Field, r: Reduction, c: RuleContext): Field {
  const sign = how === 'max' ? 1 : -1;
  const marginal = x.marginal ?? GAUSSIAN;
  const std = Math.sqrt(Math.max(0, at(x.kernel, 0) - x.mean * x.mean));
  const roles = r.group.reduce((mask, q) => mask | bit(q.role), 0);
  const rho = std > 0 ? (at(x.kernel, roles) - x.mean * x.mean) / (std * std) : 0;
  c.note('largest of correlated entries taken as equally correlated Gaussians');
  const values = marginal.nodes.map((t) => sign * x.mean + std * t);
  const { field } = maximumOf(
    { values, nodes: marginal.nodes, weights: marginal.weights, entries: { ...x, mean: sign * x.mean } },
    [{ n: r.n, share: 1 }],
    rho,
    roles,
    r.axes,
  );
  const persisting = rolesOf(r.axes);
  return {
    ...field,
    mean: sign * field.mean,
    marginal: undefined,
    kernel: newKernel((m) => at(field.kernel, m & persisting)),
  };
}

/** Running sums and products along an axis. */
export const cumulate: Rule<'cumulate'> = {
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const axis = x.axes[op.axis] ?? [];
    const n = axisSize(axis);
    const b = bit(mainRole(axis));
    if (op.how === 'prod') return { unknown: 'a running product' };
    c.note('running sum averaged over its steps');
    // Averages over steps t, and over pairs t < t′ that share t entries: E[t], E[t(t−1)], E[min] and E[t·t′ − min].
    const steps = (n + 1) / 2;
    const pairs = ((n + 1) * (n - 1)) / 3;
    const shared = (n + 1) / 3;
    const rest = ((n + 1) * (n + 1)) / 4 - shared;
    return [
      {
        mean: x.mean * steps,
        kernel: newKernel((m) =>
          m & b
            ? shared * at(x.kernel, m & ~b) + rest * at(x.kernel, m)
            : steps * at(x.kernel, m) + pairs * at(x.kernel, m | b),
        ),
        scale: x.scale,
        axes: x.axes,
      },
    ];
  },
  backward(op, [x], _, [g]) {
    if (g === undefined || x === undefined || op.how === 'prod') return [undefined];
    const axis = x.axes[op.axis] ?? [];
    const n = axisSize(axis);
    const b = bit(mainRole(axis));
    const steps = (n + 1) / 2;
    const pairs = ((n + 1) * (n - 1)) / 3;
    const shared = (n + 1) / 3;
    return [
      {
        mean: 0,
        scale: g.scale,
        axes: x.axes,
        kernel: newKernel((m) =>
          m & b ? shared * at(g.kernel, m & ~b) : steps * at(g.kernel, m) + pairs * at(g.kernel, m | b),
        ),
      },
    ];
  },
};
