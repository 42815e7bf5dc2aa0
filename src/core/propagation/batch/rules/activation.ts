import { activationNamed, constantsOf, type Activation, type Constants } from '../../activations/index.js';
import { around, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type Rule, type RuleContext } from '../types.js';

/** φ(x) into y and, where given, φ′(x) into slope: by a kernel if there is one, else entry by entry. */
export function applyActivation(
  c: RuleContext,
  f: Activation,
  given: Constants,
  x: Float32Array,
  y: Float32Array,
  slope?: Float32Array,
): void {
  const constants = constantsOf(f, given);
  if (c.kernels.activate(f.name, x, y, slope, constants)) return;
  for (let i = 0; i < x.length; i++) y[i] = f.value(x[i]!, constants);
  if (slope !== undefined) for (let i = 0; i < x.length; i++) slope[i] = f.derivative(x[i]!, constants);
}

/** PReLU's slope of each channel of x (axis 1), or one for all. */
function eachSlope(x: Tensor, slopes: Tensor, visit: (start: number, end: number, channel: number) => void): void {
  const count = slopes.data.length;
  if (count === 1 || x.shape.length < 2) {
    visit(0, x.data.length, 0);
    return;
  }
  const { outer, inner } = around(x.shape, 1);
  for (let o = 0; o < outer; o++)
    for (let k = 0; k < count; k++) visit((o * count + k) * inner, (o * count + k + 1) * inner, k);
}

/** Functions whose slope follows from their value, a + b·y + c·y²: what went in need not be kept. */
const SLOPE_BY_VALUE: Readonly<Record<string, readonly [a: number, b: number, c: number]>> = {
  tanh: [1, 0, -1],
  sigmoid: [0, 1, -1],
};

function isReadFromOutput(name: string): boolean {
  return name === 'relu' || name in SLOPE_BY_VALUE;
}

export const activation: Rule<'activation'> = {
  reads: (op) => (op.learned === undefined && isReadFromOutput(op.name) ? 'outputs' : 'inputs'),
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    if (op.learned !== undefined) {
      const slopes = c.parameter(op.learned);
      if (isUnknown(slopes)) return slopes;
      eachSlope(x, slopes, (start, end, k) => {
        const a = slopes.data[k]!;
        for (let i = start; i < end; i++) y.data[i] = x.data[i]! >= 0 ? x.data[i]! : a * x.data[i]!;
      });
      c.release(slopes);
      return [y];
    }
    const f = activationNamed(op.name);
    if (f === undefined) {
      c.release(y);
      return { unknown: `no activation ${op.name}` };
    }
    if (op.name === 'relu') {
      const [from, to] = [x.data, y.data];
      for (let i = 0; i < to.length; i++) to[i] = from[i]! > 0 ? from[i]! : 0;
    } else applyActivation(c, f, op.constants, x.data, y.data);
    return [y];
  },
  backward(op, { inputs: [x], outputs: [y], gradients: [g] }, c) {
    if (g === undefined || x === undefined || y === undefined) return [];
    const out = c.make(x.shape);
    if (op.learned !== undefined) {
      const slopes = c.parameter(op.learned);
      if (isUnknown(slopes)) return [out];
      const own = c.make(slopes.shape);
      eachSlope(x, slopes, (start, end, k) => {
        const a = slopes.data[k]!;
        let sum = 0;
        for (let i = start; i < end; i++) {
          const positive = x.data[i]! >= 0;
          out.data[i] = positive ? g.data[i]! : a * g.data[i]!;
          if (!positive) sum += g.data[i]! * x.data[i]!;
        }
        own.data[k] = own.data[k]! + sum;
      });
      c.giveGradient(op.learned, own);
      c.release(slopes);
      return [out];
    }
    if (op.name === 'relu') {
      const [from, to, value] = [g.data, out.data, y.data];
      for (let i = 0; i < to.length; i++) to[i] = value[i]! > 0 ? from[i]! : 0;
      return [out];
    }
    const quadratic = SLOPE_BY_VALUE[op.name];
    if (quadratic !== undefined) {
      c.kernels.multiplyByQuadratic(g.data, y.data, out.data, quadratic);
      return [out];
    }
    const f = activationNamed(op.name);
    if (f === undefined) return [out];
    const spare = c.make(x.shape);
    applyActivation(c, f, op.constants, x.data, spare.data, out.data);
    c.release(spare);
    c.kernels.multiplyElements(out.data, g.data, out.data);
    return [out];
  },
};

/** a·f(b) for the halves a, b of an axis. */
export const gate: Rule<'gate'> = {
  reads: 'inputs',
  forward(op, [x], c) {
    const f = activationNamed(op.activation);
    if (x === undefined || f === undefined) return { unknown: `no activation ${op.activation}` };
    const { outer, size, inner } = around(x.shape, op.axis);
    const half = (size / 2) * inner;
    const y = c.make(x.shape.map((d, i) => (i === op.axis ? d / 2 : d)));
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < half; i++) {
        const at = 2 * o * half + i;
        y.data[o * half + i] = x.data[at]! * f.value(x.data[at + half]!, f.constants);
      }
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    const f = activationNamed(op.activation);
    if (x === undefined || g === undefined || f === undefined) return [];
    const { outer, size, inner } = around(x.shape, op.axis);
    const half = (size / 2) * inner;
    const out = c.make(x.shape);
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < half; i++) {
        const at = 2 * o * half + i;
        const b = x.data[at + half]!;
        const own = g.data[o * half + i]!;
        out.data[at] = own * f.value(b, f.constants);
        out.data[at + half] = own * x.data[at]! * f.derivative(b, f.constants);
      }
    return [out];
  },
};
