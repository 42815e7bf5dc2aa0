import { at, axisSize, bit, newKernel, normalized, ROLES, type Axis, type Field } from '../field.js';
import type { Gradient, Rule, RuleContext } from '../types.js';
import { floats } from '../floats.js';

/** One letter per axis, as einsum has it. */
export interface Labels {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly out: readonly string[];
}

function axisOf(labels: readonly string[], axes: readonly Axis[], label: string): Axis | undefined {
  const i = labels.indexOf(label);
  return i < 0 ? undefined : axes[i];
}

function rolesAt(axis: Axis | undefined): number {
  let mask = 0;
  for (const f of axis ?? []) if (f.size > 1) mask |= bit(f.role);
  return mask;
}

interface Plan {
  readonly axes: readonly Axis[];
  /** Class of a pair of entries of a (of b) from the class of the pair of results. */
  readonly toA: (mask: number) => number;
  readonly toB: (mask: number) => number;
}

/**
 * Roles of the result: those of a's axes, and of b's unless the same role already means an axis that only a has
 * (queries and keys are both positions): then b's gets one that is free.
 */
function planOf(l: Labels, a: Field, b: Field): Plan {
  let usedByA = 0;
  for (const label of l.out)
    if (!l.b.includes(label) || axisSize(axisOf(l.b, b.axes, label) ?? []) === 1)
      usedByA |= rolesAt(axisOf(l.a, a.axes, label));
  let used = usedByA;
  for (const label of l.out) {
    if (l.a.includes(label) && l.b.includes(label)) used |= rolesAt(axisOf(l.a, a.axes, label));
    else if (l.b.includes(label)) used |= rolesAt(axisOf(l.b, b.axes, label)) & ~usedByA;
  }
  const fresh = new Map<number, number>();
  const renamed = (role: number): number => {
    if (!(usedByA & bit(role))) return role;
    const known = fresh.get(role);
    if (known !== undefined) return known;
    let free = ROLES - 1;
    for (let r = ROLES - 1; r > 0; r--)
      if (!(used & bit(r))) {
        free = r;
        break;
      }
    used |= bit(free);
    fresh.set(role, free);
    return free;
  };
  // For each result axis: its roles, and which roles of a and b they stand for.
  const pairsA: [out: number, own: number][] = [];
  const pairsB: [out: number, own: number][] = [];
  const axes = l.out.map((label): Axis => {
    const fromA = axisOf(l.a, a.axes, label);
    const fromB = axisOf(l.b, b.axes, label);
    const bOnly = fromA === undefined || (axisSize(fromA) === 1 && fromB !== undefined && axisSize(fromB) > 1);
    if (!bOnly) {
      const own = fromA;
      for (const f of own) if (f.size > 1) pairsA.push([f.role, f.role]);
      if (fromB !== undefined && axisSize(fromB) > 1)
        fromB.forEach((f, k) => pairsB.push([(own[Math.min(k, own.length - 1)] ?? f).role, f.role]));
      return own;
    }
    const own = fromB ?? [];
    return own.map((f) => {
      const role = f.size > 1 ? renamed(f.role) : f.role;
      if (f.size > 1) pairsB.push([role, f.role]);
      return { role, size: f.size };
    });
  });
  const mapping = (pairs: readonly (readonly [number, number])[]) => (mask: number) => {
    let own = 0;
    for (const [out, role] of pairs) if (mask & bit(out)) own |= bit(role);
    return own;
  };
  return { axes, toA: mapping(pairsA), toB: mapping(pairsB) };
}

/**
 * Sum over the contracted axes of products of independent tensors: for n terms, pairs of sums consist of n terms
 * with the same index and n(n−1) with different ones, E[Σaᵢbᵢ·Σa′ⱼb′ⱼ] = n·K_a·K_b[same] + n(n−1)·K_a·K_b[differ].
 */
export function contract(l: Labels, a: Field, b: Field): Field {
  const plan = planOf(l, a, b);
  let n = 1;
  let rolesA = 0;
  let rolesB = 0;
  for (const label of l.a) {
    if (l.out.includes(label)) continue;
    const own = axisOf(l.a, a.axes, label) ?? [];
    const other = axisOf(l.b, b.axes, label);
    n *= Math.max(axisSize(own), other === undefined ? 1 : axisSize(other));
    rolesA |= rolesAt(own);
    rolesB |= rolesAt(other);
  }
  for (const label of l.b) {
    if (l.out.includes(label) || l.a.includes(label)) continue;
    const own = axisOf(l.b, b.axes, label) ?? [];
    n *= axisSize(own);
    rolesB |= rolesAt(own);
  }
  const overlap = profileOverlap(l.a, a, l.b, b, l.out);
  const kernel = newKernel((m) => {
    const ma = plan.toA(m);
    const mb = plan.toB(m);
    return (
      overlap * n * at(a.kernel, ma) * at(b.kernel, mb) +
      n * (n - 1) * at(a.kernel, ma | rolesA) * at(b.kernel, mb | rolesB)
    );
  });
  const same = overlap * n * at(a.kernel, 0) * at(b.kernel, 0);
  const apart = n * (n - 1) * at(a.kernel, rolesA) * at(b.kernel, rolesB);
  return normalized({
    mean: n * a.mean * b.mean,
    kernel,
    scale: a.scale + b.scale,
    axes: plan.axes,
    profiles: productProfiles(l, a, b, same, apart),
  });
}

/** Average of the product of two profiles along the axes that are summed: more where both are large. */
function profileOverlap(
  la: readonly string[],
  a: Field,
  lb: readonly string[],
  b: Field,
  out: readonly string[],
): number {
  let factor = 1;
  la.forEach((label, i) => {
    if (out.includes(label)) return;
    const p = a.profiles?.[i];
    const q = b.profiles?.[lb.indexOf(label)];
    if (p === undefined || p.length !== q?.length) return;
    let sum = 0;
    for (let k = 0; k < p.length; k++) sum += (p[k]! * q[k]!) / p.length;
    factor *= sum;
  });
  return factor;
}

/** Profiles of a product's axes. Where a's rows add to 1, what the terms have in common comes through whatever the row. */
function productProfiles(l: Labels, a: Field, b: Field, same: number, apart: number): Field['profiles'] {
  const total = same + apart;
  if ((a.profiles === undefined && b.profiles === undefined) || !(total > 0)) return undefined;
  // With weights p of the row: Σp²·(K − K_c) + K_c: the profile's own share.
  const profiles = l.out.map((label) => {
    const pa = a.profiles?.[l.a.indexOf(label)];
    const pb = b.profiles?.[l.b.indexOf(label)];
    const p = pa ?? pb;
    if (p === undefined) return undefined;
    const common = a.stochastic === true && pa !== undefined ? stochasticShare(a, same, apart, l) : same / total;
    return p.map((v) => Math.max(0, 1 + common * (v - 1)));
  });
  return profiles.some((p) => p !== undefined) ? profiles : undefined;
}

/** Share of a mixture's second moment that depends on how concentrated its row is: Σp²·(K − K_c) over the whole. */
function stochasticShare(a: Field, same: number, apart: number, l: Labels): number {
  const keys = l.a.findIndex((label) => !l.out.includes(label));
  const n = axisSize(a.axes[keys] ?? []);
  const squares = n * at(a.kernel, 0);
  if (!(squares > 0) || squares >= 1) return same / (same + apart);
  const entry = same / squares;
  const shared = apart / (1 - squares);
  return (squares * Math.max(0, entry - shared)) / (same + apart);
}

/** Gradient at one factor of a product: the same contraction with the result's gradient in the other's place. */
export function contractGradient(l: Labels, side: 'a' | 'b', g: Gradient, a: Field, b: Field, out: Field): Gradient {
  const own = side === 'a' ? a : b;
  const other = side === 'a' ? b : a;
  const ownLabels = side === 'a' ? l.a : l.b;
  const otherLabels = side === 'a' ? l.b : l.a;
  const plan = planOf(l, a, b);
  const toOther = side === 'a' ? plan.toB : plan.toA;
  const toOwn = side === 'a' ? plan.toA : plan.toB;
  let n = 1;
  let rolesOut = 0;
  let rolesOther = 0;
  l.out.forEach((label, i) => {
    const axis = out.axes[i] ?? [];
    const ownAxis = axisOf(ownLabels, own.axes, label);
    if (ownAxis !== undefined && axisSize(ownAxis) === axisSize(axis)) return;
    n *= axisSize(axis);
    rolesOut |= rolesAt(axis);
    rolesOther |= rolesAt(axisOf(otherLabels, other.axes, label));
  });
  // Roles of the contracted axes: a pair that differs there meets different entries of the other factor.
  let contractedOwn = 0;
  let contractedOther = 0;
  for (const label of ownLabels) {
    if (l.out.includes(label)) continue;
    contractedOwn |= rolesAt(axisOf(ownLabels, own.axes, label));
    contractedOther |= rolesAt(axisOf(otherLabels, other.axes, label));
  }
  const overlap = profileOverlap(l.out, { ...g, axes: out.axes }, otherLabels, other, ownLabels);
  const kernel = newKernel((m) => {
    // Which result class gives this class of the factor.
    let result = 0;
    for (let r = 0; r < ROLES; r++) {
      const own1 = toOwn(bit(r));
      if (own1 !== 0 && m & own1) result |= bit(r);
    }
    const otherMask = toOther(result) | (m & contractedOwn ? contractedOther : 0);
    const same = at(g.kernel, result) * at(other.kernel, otherMask);
    const differ = at(g.kernel, result | rolesOut) * at(other.kernel, otherMask | rolesOther);
    return overlap * n * same + n * (n - 1) * differ;
  });
  const profiles = own.axes.map((_, i) => {
    const label = ownLabels[i] ?? '';
    return l.out.includes(label) ? g.profiles?.[l.out.indexOf(label)] : causalKeys(other, g, l, otherLabels, label);
  });
  return normalized({
    mean: 0,
    kernel,
    scale: g.scale + other.scale,
    axes: own.axes,
    profiles: profiles.some((p) => p !== undefined) ? profiles : undefined,
  });
}

/** Under a causal mask key j hears from the rows t ≥ j, each with 1/(t + 1): earlier keys receive more gradient. */
function causalKeys(
  weights: Field,
  g: Gradient,
  l: Labels,
  weightLabels: readonly string[],
  key: string,
): Float64Array | undefined {
  if (weights.causal !== true || weights.stochastic !== true) return undefined;
  const column = weightLabels.indexOf(key);
  const row = column - 1;
  const n = axisSize(weights.axes[column] ?? []);
  const rows = axisSize(weights.axes[row] ?? []);
  if (row < 0 || rows !== n) return undefined;
  const incoming = g.profiles?.[l.out.indexOf(weightLabels[row] ?? '')];
  const squares = weights.profiles?.[row];
  const out = floats(n);
  let sum = 0;
  for (let j = n - 1; j >= 0; j--) {
    sum += ((squares?.[j] ?? 1) * (incoming?.[j] ?? 1)) / (j + 1);
    out[j] = sum;
  }
  let mean = 0;
  for (const v of out) mean += v / n;
  return mean > 0 ? out.map((v) => v / mean) : undefined;
}

/** matmul's axes as einsum letters: broadcast axes, rows, the contracted axis, columns. */
function matmulLabels(a: Field, b: Field): Labels {
  const ra = a.axes.length;
  const rb = b.axes.length;
  const batch = Math.max(ra, rb) - 2;
  const lead = (rank: number): string[] =>
    Array.from({ length: Math.max(0, rank - 2) }, (_, i) => `b${batch - (rank - 2) + i}`);
  const la = ra === 1 ? ['k'] : [...lead(ra), 'i', 'k'];
  const lb = rb === 1 ? ['k'] : [...lead(rb), 'k', 'j'];
  const out = [
    ...Array.from({ length: Math.max(0, batch) }, (_, i) => `b${i}`),
    ...(ra === 1 ? [] : ['i']),
    ...(rb === 1 ? [] : ['j']),
  ];
  return { a: la, b: lb, out };
}

export const matmul: Rule<'matmul'> = {
  forward(_, [a, b]) {
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    return [contract(matmulLabels(a, b), a, b)];
  },
  backward(_, [a, b], [out], [g]) {
    if (g === undefined || a === undefined || b === undefined || out === undefined) return [];
    const l = matmulLabels(a, b);
    return [contractGradient(l, 'a', g, a, b, out), contractGradient(l, 'b', g, a, b, out)];
  },
};

/** Letters of an equation for these ranks; an ellipsis becomes letters of its own. */
export function einsumLabels(
  equation: string,
  ranks: readonly number[],
): { inputs: string[][]; out: string[] } | undefined {
  const [left, right] = equation.replace(/\s+/g, '').split('->');
  if (left === undefined) return undefined;
  const terms = left.split(',');
  if (terms.length !== ranks.length) return undefined;
  let ellipsis = 0;
  terms.forEach((t, i) => {
    if (t.includes('...')) ellipsis = Math.max(ellipsis, (ranks[i] ?? 0) - (t.length - 3));
  });
  const expand = (t: string, rank?: number): string[] => {
    const at0 = t.indexOf('...');
    if (at0 < 0) return Array.from(t);
    const count = rank === undefined ? ellipsis : rank - (t.length - 3);
    return [
      ...Array.from(t.slice(0, at0)),
      ...Array.from({ length: Math.max(0, count) }, (_, i) => `…${ellipsis - count + i}`),
      ...Array.from(t.slice(at0 + 3)),
    ];
  };
  const inputs = terms.map((t, i) => expand(t, ranks[i]));
  if (inputs.some((l, i) => l.length !== ranks[i])) return undefined;
  if (right !== undefined) return { inputs, out: expand(right) };
  const counts = new Map<string, number>();
  for (const l of inputs.flat()) counts.set(l, (counts.get(l) ?? 0) + 1);
  return {
    inputs,
    out: [...counts]
      .filter(([, n]) => n === 1)
      .map(([l]) => l)
      .sort(),
  };
}

/** A tensor of ones, the second factor of an equation with one operand. */
const ONE: Field = { mean: 1, kernel: newKernel(() => 1), scale: 0, axes: [] };

export const einsum: Rule<'einsum'> = {
  forward(op, inputs, c) {
    const labels = einsumLabels(
      op.equation,
      inputs.map((x) => x.axes.length),
    );
    const [a, b] = inputs;
    if (labels === undefined || a === undefined)
      return { unknown: `einsum '${op.equation}' does not fit its operands` };
    if (inputs.length > 2) return { unknown: 'einsum of more than two tensors' };
    if (new Set(labels.inputs[0]).size !== (labels.inputs[0] ?? []).length)
      return { unknown: 'einsum over a diagonal' };
    noteSums(c, labels.inputs, labels.out);
    return [contract({ a: labels.inputs[0] ?? [], b: labels.inputs[1] ?? [], out: labels.out }, a, b ?? ONE)];
  },
  backward(op, inputs, [out], [g]) {
    const labels = einsumLabels(
      op.equation,
      inputs.map((x) => x.axes.length),
    );
    const [a, b] = inputs;
    if (labels === undefined || a === undefined || out === undefined || g === undefined) return [];
    const l: Labels = { a: labels.inputs[0] ?? [], b: labels.inputs[1] ?? [], out: labels.out };
    const ga = contractGradient(l, 'a', g, a, b ?? ONE, out);
    return b === undefined ? [ga] : [ga, contractGradient(l, 'b', g, a, b, out)];
  },
};

function noteSums(c: RuleContext, inputs: readonly (readonly string[])[], out: readonly string[]): void {
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return;
  const alone = [...a, ...b].filter((l) => !out.includes(l) && !(a.includes(l) && b.includes(l)));
  if (alone.length > 0) c.note('axes summed in one operand only taken as independent');
}
