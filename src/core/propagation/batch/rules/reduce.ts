import { around, sizeOf, type Tensor } from '../tensor/tensor.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';
import { inverse, permuted } from './arrange.js';

type How = OperationOf<'reduce'>['how'];

/** Entries [start, start+n) of x brought to one number. */
function value(how: How, x: Float32Array, start: number, n: number): number {
  let a = how === 'max' ? -Infinity : how === 'min' ? Infinity : how === 'prod' ? 1 : 0;
  const end = start + n;
  switch (how) {
    case 'mean':
    case 'sum':
      for (let i = start; i < end; i++) a += x[i]!;
      return how === 'mean' ? a / n : a;
    case 'max':
      for (let i = start; i < end; i++) a = Math.max(a, x[i]!);
      return a;
    case 'min':
      for (let i = start; i < end; i++) a = Math.min(a, x[i]!);
      return a;
    case 'prod':
      for (let i = start; i < end; i++) a *= x[i]!;
      return a;
    case 'norm':
      for (let i = start; i < end; i++) a += x[i]! * x[i]!;
      return Math.sqrt(a);
    case 'logsumexp': {
      const top = value('max', x, start, n);
      for (let i = start; i < end; i++) a += Math.exp(x[i]! - top);
      return top + Math.log(a);
    }
    case 'variance':
    case 'std': {
      const mean = value('mean', x, start, n);
      for (let i = start; i < end; i++) a += (x[i]! - mean) ** 2;
      // torch divides by n − 1 unless asked otherwise.
      const variance = n > 1 ? a / (n - 1) : 0;
      return how === 'std' ? Math.sqrt(variance) : variance;
    }
  }
}

/** ∂value/∂x·g for each entry of a line, into out. */
function slopes(how: How, x: Float32Array, y: number, g: number, out: Float32Array, start: number, n: number): void {
  const end = start + n;
  switch (how) {
    case 'mean':
    case 'sum':
      out.fill(how === 'mean' ? g / n : g, start, end);
      return;
    case 'max':
    case 'min': {
      let ties = 0;
      for (let i = start; i < end; i++) if (x[i] === y) ties++;
      for (let i = start; i < end; i++) out[i] = x[i] === y ? g / ties : 0;
      return;
    }
    case 'prod':
      for (let i = start; i < end; i++) {
        let others = 1;
        for (let k = start; k < end; k++) if (k !== i) others *= x[k]!;
        out[i] = g * others;
      }
      return;
    case 'norm':
      for (let i = start; i < end; i++) out[i] = y > 0 ? (g * x[i]!) / y : 0;
      return;
    case 'logsumexp':
      for (let i = start; i < end; i++) out[i] = g * Math.exp(x[i]! - y);
      return;
    case 'variance':
    case 'std': {
      const mean = value('mean', x, start, n);
      const factor = n > 1 ? (how === 'std' ? (y > 0 ? 1 / ((n - 1) * y) : 0) : 2 / (n - 1)) : 0;
      for (let i = start; i < end; i++) out[i] = g * factor * (x[i]! - mean);
    }
  }
}

/** Order of axes that brings the reduced ones to the end; undefined where they are there already. */
function order(rank: number, axes: readonly number[]): number[] | undefined {
  const kept = Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i));
  const all = [...kept, ...[...axes].sort((a, b) => a - b)];
  return all.every((a, i) => a === i) ? undefined : all;
}

export const reduce: Rule<'reduce'> = {
  reads: (op) => (op.how === 'mean' || op.how === 'sum' ? 'nothing' : 'both'),
  forward(op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const axes = order(x.shape.length, op.axes);
    const lines = axes === undefined ? x : permuted(c, x, axes);
    const y = c.make(shape);
    const n = sizeOf(op.axes.map((a) => x.shape[a]!));
    for (let i = 0; i < sizeOf(shape); i++) y.data[i] = value(op.how, lines.data, i * n, n);
    if (axes !== undefined) c.release(lines);
    return [y];
  },
  backward(op, { inputs: [x], outputs: [y], gradients: [g] }, c) {
    if (x === undefined || y === undefined || g === undefined) return [];
    const axes = order(x.shape.length, op.axes);
    const isLinear = op.how === 'mean' || op.how === 'sum';
    const lines: Tensor = axes === undefined || isLinear ? x : permuted(c, x, axes);
    const out = c.make(axes === undefined ? x.shape : axes.map((a) => x.shape[a]!));
    const n = sizeOf(op.axes.map((a) => x.shape[a]!));
    for (let i = 0; i < sizeOf(g.shape); i++)
      slopes(op.how, lines.data, y.data[i] ?? 0, g.data[i]!, out.data, i * n, n);
    if (lines !== x) c.release(lines);
    if (axes === undefined) return [out];
    const back = permuted(c, out, inverse(axes));
    c.release(out);
    return [back];
  },
};

/** Running sums or products along an axis. */
export const cumulate: Rule<'cumulate'> = {
  reads: (op) => (op.how === 'sum' ? 'nothing' : 'both'),
  forward(op, [x], c) {
    if (x === undefined) return { unknown: 'no input' };
    const y = c.make(x.shape);
    eachLine(x.shape, op.axis, (first, size, inner) => {
      let total = op.how === 'sum' ? 0 : 1;
      for (let k = 0; k < size; k++) {
        const v = x.data[first + k * inner]!;
        total = op.how === 'sum' ? total + v : total * v;
        y.data[first + k * inner] = total;
      }
    });
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    return [op.how === 'sum' ? sumBack(c, g, op.axis) : productBack(c, x, g, op.axis)];
  },
};

function eachLine(
  shape: readonly number[],
  axis: number,
  visit: (first: number, size: number, inner: number) => void,
): void {
  const { outer, size, inner } = around(shape, axis);
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) visit(o * size * inner + i, size, inner);
}

function sumBack(c: RuleContext, g: Tensor, axis: number): Tensor {
  const out = c.make(g.shape);
  eachLine(g.shape, axis, (first, size, inner) => {
    let total = 0;
    for (let k = size - 1; k >= 0; k--) {
      total += g.data[first + k * inner]!;
      out.data[first + k * inner] = total;
    }
  });
  return out;
}

/** ∂y_k/∂x_j is the product of x₀…x_k without x_j; taken as it stands, since entries may be 0. */
function productBack(c: RuleContext, x: Tensor, g: Tensor, axis: number): Tensor {
  const out = c.make(g.shape);
  eachLine(g.shape, axis, (first, size, inner) => {
    let before = 1;
    for (let j = 0; j < size; j++) {
      let product = before;
      let sum = 0;
      for (let k = j; k < size; k++) {
        if (k > j) product *= x.data[first + k * inner]!;
        sum += product * g.data[first + k * inner]!;
      }
      out.data[first + j * inner] = sum;
      before *= x.data[first + j * inner]!;
    }
  });
  return out;
}
