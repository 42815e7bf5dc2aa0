import { sameShape, stridesOf, type Tensor } from '../tensor/tensor.js';
import { addReduced, broadcastShape, broadcastStrides, walk } from '../tensor/walk.js';
import type { PlainRule, Reads, Rule, RuleContext } from '../types.js';

interface Binary {
  readonly value: (a: number, b: number) => number;
  /** ∂/∂a and ∂/∂b. */
  readonly left: (a: number, b: number) => number;
  readonly right: (a: number, b: number) => number;
  readonly reads: Reads;
}

/** out = f(a, b), a and b broadcast to out's shape. */
function combine(out: Tensor, a: Tensor, b: Tensor, f: (a: number, b: number) => number): void {
  const [o, x, y] = [out.data, a.data, b.data];
  if (sameShape(a.shape, out.shape) && sameShape(b.shape, out.shape)) {
    for (let i = 0; i < o.length; i++) o[i] = f(x[i]!, y[i]!);
    return;
  }
  const strides = [stridesOf(out.shape), broadcastStrides(a.shape, out.shape), broadcastStrides(b.shape, out.shape)];
  walk(out.shape, strides, ([p = 0, q = 0, r = 0], [sp = 0, sq = 0, sr = 0], n) => {
    for (let i = 0; i < n; i++) o[p + i * sp] = f(x[q + i * sq]!, y[r + i * sr]!);
  });
}

/** The gradient in `shape`, summed over what was broadcast; `full` is released unless it is the result. */
function reducedTo(c: RuleContext, shape: readonly number[], full: Tensor): Tensor {
  if (sameShape(shape, full.shape)) return full;
  const out = c.make(shape);
  addReduced(out.data, shape, full.data, full.shape);
  c.release(full);
  return out;
}

/** A rule of a function of two numbers: one loop of its own for each, so that the engine can inline f. */
function binary({ value, left, right, reads }: Binary): PlainRule {
  return {
    reads,
    forward(_, [a, b], c) {
      if (a === undefined || b === undefined) return { unknown: 'no input' };
      const out = c.make(broadcastShape(a.shape, b.shape));
      combine(out, a, b, value);
      return [out];
    },
    backward(_, { inputs: [a, b], gradients: [g] }, c) {
      if (a === undefined || b === undefined || g === undefined) return [];
      const side = (own: Tensor, slope: (a: number, b: number) => number): Tensor => {
        const full = c.make(g.shape);
        combine(full, a, b, slope);
        c.kernels.multiplyElements(full.data, g.data, full.data);
        return reducedTo(c, own.shape, full);
      };
      return [c.wants(0) ? side(a, left) : undefined, c.wants(1) ? side(b, right) : undefined];
    },
  };
}

/** a + s·b: its gradients are the output's own. */
function sum(s: 1 | -1): PlainRule {
  return {
    reads: 'nothing',
    forward(_, [a, b], c) {
      if (a === undefined || b === undefined) return { unknown: 'no input' };
      const out = c.make(broadcastShape(a.shape, b.shape));
      if (sameShape(a.shape, out.shape) && sameShape(b.shape, out.shape)) {
        out.data.set(a.data);
        c.kernels.addScaled(out.data, b.data, s);
      } else combine(out, a, b, s === 1 ? (x, y) => x + y : (x, y) => x - y);
      return [out];
    },
    backward(_, { inputs: [a, b], gradients: [g] }, c) {
      if (a === undefined || b === undefined || g === undefined) return [];
      const own = (t: Tensor, factor: number): Tensor => {
        if (sameShape(t.shape, g.shape) && factor === 1) return g;
        const out = c.make(t.shape);
        if (factor === 1) addReduced(out.data, t.shape, g.data, g.shape);
        else {
          const negative = c.make(g.shape);
          c.kernels.addScaled(negative.data, g.data, factor);
          addReduced(out.data, t.shape, negative.data, g.shape);
          c.release(negative);
        }
        return out;
      };
      return [c.wants(0) ? own(a, 1) : undefined, c.wants(1) ? own(b, s) : undefined];
    },
  };
}

export const add: Rule<'add'> = sum(1);
export const subtract: Rule<'subtract'> = sum(-1);
const anyProduct = binary({ value: (a, b) => a * b, left: (_, b) => b, right: (a) => a, reads: 'inputs' });

export const multiply: Rule<'multiply'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [a, b] = inputs;
    if (a === undefined || b === undefined || !sameShape(a.shape, b.shape)) return anyProduct.forward(op, inputs, c);
    const out = c.make(a.shape);
    c.kernels.multiplyElements(a.data, b.data, out.data);
    return [out];
  },
  backward(op, values, c) {
    const { inputs, gradients } = values;
    const [a, b] = inputs;
    const [g] = gradients;
    if (a === undefined || b === undefined || g === undefined || !sameShape(a.shape, b.shape))
      return anyProduct.backward(op, values, c);
    const times = (other: Tensor): Tensor => {
      const out = c.make(g.shape);
      c.kernels.multiplyElements(other.data, g.data, out.data);
      return out;
    };
    return [c.wants(0) ? times(b) : undefined, c.wants(1) ? times(a) : undefined];
  },
};
export const divide: Rule<'divide'> = binary({
  value: (a, b) => a / b,
  left: (_, b) => 1 / b,
  right: (a, b) => -a / (b * b),
  reads: 'inputs',
});
/** Ties share the gradient, as in torch. */
export const maximum: Rule<'maximum'> = binary({
  value: (a, b) => Math.max(a, b),
  left: (a, b) => (a > b ? 1 : a === b ? 0.5 : 0),
  right: (a, b) => (b > a ? 1 : a === b ? 0.5 : 0),
  reads: 'inputs',
});
export const minimum: Rule<'minimum'> = binary({
  value: (a, b) => Math.min(a, b),
  left: (a, b) => (a < b ? 1 : a === b ? 0.5 : 0),
  right: (a, b) => (b < a ? 1 : a === b ? 0.5 : 0),
  reads: 'inputs',
});

export { combine, reducedTo };
