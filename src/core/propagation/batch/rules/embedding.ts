import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule } from '../types.js';
import { weightOf } from './linear.js';

/** Tokens that go into one row of the result: a bag reduces the second axis, or equal runs of a flat list. */
function bagSize(op: OperationOf<'embedding'>, x: readonly number[], y: readonly number[]): number {
  return op.combine === undefined ? 1 : sizeOf(x) / Math.max(1, y[0] ?? 1);
}

/** The table's row for a token; integers from elsewhere may be out of range. */
function rowOf(token: number, rows: number): number {
  return Math.min(rows - 1, Math.max(0, Math.round(token)));
}

export const embedding: Rule<'embedding'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [x] = inputs;
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const w = weightOf(op, inputs, c);
    if (isUnknown(w)) return w;
    const [rows = 1, width = 1] = w.tensor.shape;
    const bag = bagSize(op, x.shape, shape);
    if (op.combine !== undefined && !Number.isInteger(bag)) {
      c.release(w.own);
      return { unknown: 'bags of different sizes' };
    }
    const y = c.make(shape);
    const largest = op.combine === 'max' ? new Int32Array(y.data.length) : undefined;
    const count = y.data.length / width;
    for (let i = 0; i < count; i++) {
      let used = 0;
      for (let b = 0; b < bag; b++) {
        const row = rowOf(x.data[i * bag + b]!, rows);
        if (op.combine !== undefined && row === op.paddingIndex) continue;
        const from = row * width;
        for (let j = 0; j < width; j++) {
          const v = w.tensor.data[from + j]!;
          const at = i * width + j;
          if (largest === undefined) y.data[at] = y.data[at]! + v;
          else if (used === 0 || v > y.data[at]!) {
            y.data[at] = v;
            largest[at] = row;
          }
        }
        used++;
      }
      if (op.combine === 'mean' && used > 1)
        for (let j = 0; j < width; j++) y.data[i * width + j] = y.data[i * width + j]! / used;
    }
    c.memo = largest;
    c.release(w.own);
    return [y];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const [x] = inputs;
    if (x === undefined || g === undefined) return [];
    const shape = op.weight === 'input' ? (inputs.at(-1)?.shape ?? []) : c.parameterShape(op.weight);
    const [rows = 1, width = 1] = shape;
    const bag = bagSize(op, x.shape, g.shape);
    const own = c.make(shape);
    const largest = c.memo as Int32Array | undefined;
    for (let i = 0; i < g.data.length / width; i++) {
      const members = Array.from({ length: bag }, (_, b) => rowOf(x.data[i * bag + b]!, rows)).filter(
        (row) => row !== op.paddingIndex,
      );
      const share = op.combine === 'mean' ? 1 / Math.max(1, members.length) : 1;
      for (let j = 0; j < width; j++) {
        const v = g.data[i * width + j]! * share;
        if (largest !== undefined) add(own, largest[i * width + j]! * width + j, v);
        else for (const row of members) add(own, row * width + j, v);
      }
    }
    if (op.weight === 'input') return inputs.map((_, i) => (i === inputs.length - 1 ? own : undefined));
    c.giveGradient(op.weight, own);
    return [];
  },
};

function add(t: Tensor, at: number, v: number): void {
  t.data[at] = t.data[at]! + v;
}
