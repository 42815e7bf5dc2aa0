import { around } from '../tensor/tensor.js';
import type { Rule } from '../types.js';

/** Softmax of each line of `x` (outer, size, inner) into `y`; its logarithm with `log`. Both may be the same array. */
export function softmaxLines(
  x: Float32Array,
  y: Float32Array,
  { outer, size, inner }: ReturnType<typeof around>,
  log: boolean,
): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const first = o * size * inner + i;
      let top = -Infinity;
      for (let k = 0; k < size; k++) top = Math.max(top, x[first + k * inner]!);
      let sum = 0;
      for (let k = 0; k < size; k++) sum += Math.exp(x[first + k * inner]! - top);
      const shift = log ? top + Math.log(sum) : 0;
      for (let k = 0; k < size; k++) {
        const at = first + k * inner;
        y[at] = log ? x[at]! - shift : Math.exp(x[at]! - top) / sum;
      }
    }
}

/** Gradient at the input from the output's: p∘(g − Σg∘p), or g − p·Σg for the logarithm. */
export function softmaxGradient(
  y: Float32Array,
  g: Float32Array,
  out: Float32Array,
  { outer, size, inner }: ReturnType<typeof around>,
  log: boolean,
): void {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const first = o * size * inner + i;
      let sum = 0;
      for (let k = 0; k < size; k++) {
        const at = first + k * inner;
        sum += log ? g[at]! : g[at]! * y[at]!;
      }
      for (let k = 0; k < size; k++) {
        const at = first + k * inner;
        out[at] = log ? g[at]! - Math.exp(y[at]!) * sum : y[at]! * (g[at]! - sum);
      }
    }
}

export const softmax: Rule<'softmax'> = {
  reads: 'outputs',
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    softmaxLines(x.data, y.data, around(x.shape, op.axis), op.log);
    return [y];
  },
  backward(op, { outputs: [y], gradients: [g] }, c) {
    if (y === undefined || g === undefined) return [];
    const out = c.make(y.shape);
    softmaxGradient(y.data, g.data, out.data, around(y.shape, op.axis), op.log);
    return [out];
  },
};
