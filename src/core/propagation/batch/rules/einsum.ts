import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { addReduced } from '../tensor/walk.js';
import type { Rule, RuleContext } from '../types.js';
import { permuted } from './arrange.js';
import { matrixProduct } from './product.js';

/** A tensor with a letter for each of its axes. */
interface Lettered {
  readonly letters: string;
  readonly tensor: Tensor;
}

/** Axes brought into the order of `letters`; axes that those leave out are summed over. */
function arranged(c: RuleContext, x: Lettered, letters: string): Tensor {
  const gone = Array.from(x.letters).filter((l) => !letters.includes(l));
  const full = permuted(
    c,
    x.tensor,
    [...gone, ...Array.from(letters)].map((l) => x.letters.indexOf(l)),
  );
  if (gone.length === 0) return full;
  const out = c.make(full.shape.slice(gone.length));
  addReduced(out.data, out.shape, full.data, full.shape);
  c.release(full);
  return out;
}

/** Σ over letters that `out` leaves out of a·b; letters of `out` that neither has are repeated. */
function contract(c: RuleContext, a: Lettered, b: Lettered, out: string, sizes: ReadonlyMap<string, number>): Tensor {
  const pick = (from: string, test: (l: string) => boolean): string => Array.from(from).filter(test).join('');
  const inA = (l: string): boolean => a.letters.includes(l);
  const inB = (l: string): boolean => b.letters.includes(l);
  const shared = pick(out, (l) => inA(l) && inB(l));
  const summed = pick(a.letters, (l) => inB(l) && !out.includes(l));
  const left = pick(out, (l) => inA(l) && !inB(l));
  const right = pick(out, (l) => inB(l) && !inA(l));
  const size = (letters: string): number => sizeOf(Array.from(letters).map((l) => sizes.get(l) ?? 1));
  const shape = (...groups: string[]): number[] => [size(shared), ...groups.map(size)];
  const x = arranged(c, a, shared + left + summed);
  const y = arranged(c, b, shared + summed + right);
  const product = matrixProduct(
    c,
    { shape: shape(left, summed), data: x.data },
    { shape: shape(summed, right), data: y.data },
    false,
    false,
  );
  c.release(x, y);
  const letters = shared + left + right;
  const tensor: Tensor = { shape: Array.from(letters).map((l) => sizes.get(l) ?? 1), data: product.data };
  const missing = pick(out, (l) => !letters.includes(l));
  if (missing === '' && letters === out) return tensor;
  const wide =
    missing === ''
      ? tensor
      : repeated(
          c,
          tensor,
          Array.from(missing).map((l) => sizes.get(l) ?? 1),
        );
  const placed = permuted(
    c,
    wide,
    Array.from(out).map((l) => (missing + letters).indexOf(l)),
  );
  c.release(wide);
  return placed;
}

/** The tensor once for each entry of new leading axes. */
function repeated(c: RuleContext, t: Tensor, lead: readonly number[]): Tensor {
  const out = c.make([...lead, ...t.shape]);
  const n = sizeOf(t.shape);
  for (let at = 0; at < out.data.length; at += n) out.data.set(t.data.subarray(0, n), at);
  c.release(t);
  return out;
}

interface Plan {
  readonly terms: readonly string[];
  readonly out: string;
  readonly sizes: ReadonlyMap<string, number>;
}

function planOf(equation: string, inputs: readonly Tensor[]): Plan | { unknown: string } {
  const [left = '', out = ''] = equation.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    if (new Set(term).size < term.length) return { unknown: 'a diagonal taken by einsum' };
    Array.from(term).forEach((l, axis) => {
      const size = inputs[i]?.shape[axis] ?? 1;
      if (size !== 1 || !sizes.has(l)) sizes.set(l, size);
    });
  }
  const broadcast = terms.some((term, i) =>
    Array.from(term).some((l, axis) => inputs[i]?.shape[axis] !== sizes.get(l)),
  );
  return broadcast ? { unknown: 'an axis that einsum repeats' } : { terms, out, sizes };
}

/** Letters of a product of the first k+1 terms that the rest or the result still needs. */
function lettersAfter(plan: Plan, k: number): string {
  if (k === plan.terms.length - 1) return plan.out;
  const later = plan.terms.slice(k + 1).join('') + plan.out;
  const sofar = new Set(plan.terms.slice(0, k + 1).join(''));
  return [...sofar].filter((l) => later.includes(l)).join('');
}

const ONE = '';

function one(c: RuleContext): Lettered {
  const tensor = c.make([]);
  tensor.data[0] = 1;
  return { letters: ONE, tensor };
}

/** Products from left to right, starting from the number 1. */
function partial(plan: Plan, inputs: readonly Tensor[], c: RuleContext): Lettered[] {
  const out = [one(c)];
  plan.terms.forEach((letters, k) => {
    const next = lettersAfter(plan, k);
    const tensor = contract(c, out[k]!, { letters, tensor: inputs[k]! }, next, plan.sizes);
    out.push({ letters: next, tensor });
  });
  return out;
}

export const einsum: Rule<'einsum'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const plan = planOf(op.equation, inputs);
    if ('unknown' in plan) return plan;
    const all = partial(plan, inputs, c);
    c.release(...all.slice(0, -1).map((p) => p.tensor));
    return [all.at(-1)!.tensor];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const plan = planOf(op.equation, inputs);
    if ('unknown' in plan || g === undefined) return [];
    const products = partial(plan, inputs, c);
    const out: (Tensor | undefined)[] = inputs.map(() => undefined);
    let gradient: Lettered = { letters: plan.out, tensor: g };
    for (let k = plan.terms.length - 1; k >= 0; k--) {
      const term: Lettered = { letters: plan.terms[k]!, tensor: inputs[k]! };
      const before = products[k]!;
      if (c.wants(k)) out[k] = contract(c, gradient, before, term.letters, plan.sizes);
      if (k > 0) {
        const tensor = contract(c, gradient, term, before.letters, plan.sizes);
        if (gradient.tensor !== g) c.release(gradient.tensor);
        gradient = { letters: before.letters, tensor };
      }
    }
    if (gradient.tensor !== g) c.release(gradient.tensor);
    c.release(...products.map((p) => p.tensor));
    return out;
  },
};
