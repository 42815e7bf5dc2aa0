import { isKnown, type Distribution } from '../../../model/index.js';
import type { Kernels } from '../../kernels/types.js';
import type { Tensor } from '../tensor/tensor.js';
import { drawInto } from './draw.js';

/**
 * A tensor that forward made, of which only the distribution is kept (it has too many entries). Returns a note where
 * that leaves something open.
 */
export function drawConstant(k: Kernels, d: Distribution, t: Tensor): string | undefined {
  if (!isKnown(d)) return undefined;
  const mask = triangle(d, t.shape);
  if (mask !== undefined) {
    const [rows = 1, columns = 1] = t.shape.slice(-2);
    for (let at = 0; at < t.data.length; at += columns) {
      const row = (at / columns) % rows;
      t.data.fill(mask.below, at, at + row + 1);
      t.data.fill(mask.above, at + row + 1, at + columns);
    }
    return 'a square mask of one half taken as causal';
  }
  drawInto(k, d, t);
  return d.kind === 'mixture' && d.runs === undefined ? 'entries of a constant put at random places' : undefined;
}

/** Two values, of which a square matrix has about one half each: a triangle, the larger part with the diagonal. */
function triangle(d: Distribution, shape: readonly number[]): { below: number; above: number } | undefined {
  const [rows = 0, columns = 0] = shape.slice(-2);
  if (d.kind !== 'mixture' || d.parts.length !== 2 || shape.length < 2 || rows !== columns || rows < 2)
    return undefined;
  const [p, q] = d.parts.map((part) => ({ ...part, value: part.distribution.mean }));
  if (p === undefined || q === undefined) return undefined;
  if (d.parts.some((part) => part.distribution.kind !== 'constant')) return undefined;
  if (Math.abs(p.fraction - 0.5) > Math.max(0.1, 0.5 / rows + 1e-3)) return undefined;
  const [larger, smaller] = p.fraction >= q.fraction ? [p, q] : [q, p];
  return { below: larger.value ?? 0, above: smaller.value ?? 0 };
}
