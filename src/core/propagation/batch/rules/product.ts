import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { addReduced, broadcastShape, broadcastStrides, walk } from '../tensor/walk.js';
import type { Rule, RuleContext } from '../types.js';

/** The part of an array that one matrix takes. */
function matrixAt(data: Float32Array, offset: number, size: number): Float32Array {
  return data.subarray(offset, offset + size);
}

/** α·op(a)·op(b) over the last two axes, the leading ones broadcast. */
export function matrixProduct(
  c: RuleContext,
  a: Tensor,
  b: Tensor,
  transposeA: boolean,
  transposeB: boolean,
  alpha = 1,
): Tensor {
  const [ra, ca] = [a.shape.at(-2) ?? 1, a.shape.at(-1) ?? 1];
  const [rb, cb] = [b.shape.at(-2) ?? 1, b.shape.at(-1) ?? 1];
  const [m, k] = transposeA ? [ca, ra] : [ra, ca];
  const n = transposeB ? rb : cb;
  const [leadA, leadB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const lead = broadcastShape(leadA, leadB);
  const out = c.make([...lead, m, n]);
  const offsets = { a: offsetsOf(leadA, lead), b: offsetsOf(leadB, lead) };
  for (let i = 0; i < sizeOf(lead); i++)
    c.kernels.multiply({
      a: matrixAt(a.data, offsets.a[i]! * ra * ca, ra * ca),
      b: matrixAt(b.data, offsets.b[i]! * rb * cb, rb * cb),
      c: matrixAt(out.data, i * m * n, m * n),
      m,
      n,
      k,
      transposeA,
      transposeB,
      alpha,
    });
  return out;
}

/** For each leading index of the result the number of the operand's matrix. */
function offsetsOf(own: readonly number[], lead: readonly number[]): Int32Array {
  const out = new Int32Array(sizeOf(lead));
  let i = 0;
  walk(lead, [broadcastStrides(own, lead)], ([at = 0], [step = 0], n) => {
    for (let k = 0; k < n; k++) out[i++] = at + k * step;
  });
  return out;
}

/** Sums the gradient over leading axes that were broadcast. */
export function fit(c: RuleContext, g: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(g.shape) === sizeOf(shape)) return { shape, data: g.data };
  const out = c.make(shape);
  addReduced(out.data, shape, g.data, broadcastShape(g.shape, shape));
  c.release(g);
  return out;
}

/** torch.matmul: vectors become matrices of one row or one column. */
export const matmul: Rule<'matmul'> = {
  reads: 'inputs',
  forward(_, [a, b], c) {
    if (a === undefined || b === undefined) return { unknown: 'no input' };
    const out = matrixProduct(c, asRow(a), asColumn(b), false, false);
    return [{ shape: c.outputShapes[0] ?? out.shape, data: out.data }];
  },
  backward(_, { inputs: [a, b], gradients: [g] }, c) {
    if (a === undefined || b === undefined || g === undefined) return [];
    const [left, right] = [asRow(a), asColumn(b)];
    const lead = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
    const full: Tensor = { shape: [...lead, left.shape.at(-2) ?? 1, right.shape.at(-1) ?? 1], data: g.data };
    return [
      c.wants(0) ? fit(c, matrixProduct(c, full, right, false, true), a.shape) : undefined,
      c.wants(1)
        ? { shape: b.shape, data: fit(c, matrixProduct(c, left, full, true, false), right.shape).data }
        : undefined,
    ];
  },
};

function asRow(t: Tensor): Tensor {
  return t.shape.length === 1 ? { shape: [1, ...t.shape], data: t.data } : t;
}

function asColumn(t: Tensor): Tensor {
  return t.shape.length === 1 ? { shape: [...t.shape, 1], data: t.data } : t;
}
