import type { KnownDistribution } from '../../../model/index.js';
import type { Kernels } from '../../kernels/types.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { fillOrthogonal } from './orthogonal.js';

/** Fills a tensor with a draw, every entry of it. The kernels' generator has been seeded by the caller. */
export function drawInto(k: Kernels, d: KnownDistribution, t: Tensor): void {
  const out = t.data;
  switch (d.kind) {
    case 'normal':
      k.normal(out, d.mean, d.std);
      return;
    case 'uniform': {
      // A piece of another law, noted as uniform (values of a function of a normal, say), has its own mean and deviation.
      const half = Math.sqrt(3) * d.std;
      k.uniform(out, d.mean - half, d.mean + half);
      return;
    }
    case 'truncatedNormal':
      fillTruncated(k, d, out);
      return;
    case 'constant':
      out.fill(d.mean);
      return;
    case 'orthogonal':
      fillOrthogonal(k, t, d.gain);
      return;
    case 'identity':
      out.fill(0);
      for (let i = 0; i < Math.min(t.shape[0] ?? 1, t.shape[1] ?? 1); i++) out[i * (t.shape[1] ?? 1) + i] = d.value;
      return;
    case 'dirac':
      fillDirac(t, d.groups);
      return;
    case 'sparse':
      fillSparse(k, t, d.sparsity, d.nonzeroStd);
      return;
    case 'mixture':
      fillMixture(k, d, t);
  }
}

type Of<K extends KnownDistribution['kind']> = Extract<KnownDistribution, { kind: K }>;

/** Normal draws outside [low, high] are drawn anew, as torch's trunc_normal_ in distribution. */
function fillTruncated(k: Kernels, d: Of<'truncatedNormal'>, out: Float32Array): void {
  k.normal(out, d.location, d.scale);
  const spare = k.allocate(256);
  let next = spare.length;
  for (let i = 0; i < out.length; i++)
    // A bound far out in the tail would take for ever: after some tries the entry is put at the nearer bound.
    for (let tries = 0; out[i]! < d.low || out[i]! > d.high; tries++) {
      if (next === spare.length) {
        k.normal(spare, d.location, d.scale);
        next = 0;
      }
      out[i] = tries < 64 ? spare[next++]! : Math.min(d.high, Math.max(d.low, out[i]!));
      if (tries >= 64) break;
    }
  k.free(spare);
}

/** Passes channel i of each group through: 1 at the middle of the kernel. */
function fillDirac(t: Tensor, groups: number): void {
  const [out = 1, inputs = 1, ...kernel] = t.shape;
  t.data.fill(0);
  const size = sizeOf(kernel);
  let centre = 0;
  for (const n of kernel) centre = centre * n + Math.floor(n / 2);
  const per = out / groups;
  for (let g = 0; g < groups; g++)
    for (let i = 0; i < Math.min(per, inputs); i++) t.data[((g * per + i) * inputs + i) * size + centre] = 1;
}

/** torch's sparse_: a share of every column is 0, the rest normal. */
function fillSparse(k: Kernels, t: Tensor, sparsity: number, std: number): void {
  const [rows = 1, columns = 1] = t.shape;
  k.normal(t.data, 0, std);
  const zeros = Math.ceil(sparsity * rows);
  const draws = k.allocate(rows);
  const order = Array.from({ length: rows }, (_, i) => i);
  for (let c = 0; c < columns; c++) {
    k.uniform(draws, 0, 1);
    const shuffled = order.slice().sort((a, b) => draws[a]! - draws[b]!);
    for (const r of shuffled.slice(0, zeros)) t.data[r * columns + c] = 0;
  }
  k.free(draws);
}

/** Parts where they lie, or, where that is not known, mixed at random. */
function fillMixture(k: Kernels, { parts, runs }: Of<'mixture'>, t: Tensor): void {
  const total = t.data.length;
  const covered = runs?.reduce((sum, r) => sum + r.length, 0) === total;
  const pieces = runs !== undefined && covered ? runs : shared(parts, total);
  let start = 0;
  for (const { part, length } of pieces) {
    const d = parts[part]?.distribution;
    const data = t.data.subarray(start, start + length);
    start += length;
    if (length === 0) continue;
    if (d === undefined || d.kind === 'uninitialized' || d.kind === 'unknown') {
      data.fill(0);
      continue;
    }
    // A part of a matrix has no rows and columns of its own: orthogonal parts are drawn by their scale.
    if (d.kind === 'orthogonal') k.normal(data, d.mean, d.std);
    else drawInto(k, d, { shape: [length], data });
  }
  if (!covered) shuffle(k, t.data);
}

/** Lengths by share, one part after the other. */
function shared(parts: Of<'mixture'>['parts'], total: number): { part: number; length: number }[] {
  let sum = 0;
  let start = 0;
  return parts.map(({ fraction }, part) => {
    sum += fraction;
    const end = part === parts.length - 1 ? total : Math.min(total, Math.round(sum * total));
    const length = end - start;
    start = end;
    return { part, length };
  });
}

function shuffle(k: Kernels, data: Float32Array): void {
  const draws = k.allocate(Math.max(1, data.length));
  k.uniform(draws, 0, 1);
  for (let i = data.length - 1; i > 0; i--) {
    const other = Math.min(i, Math.floor(draws[i]! * (i + 1)));
    const held = data[i]!;
    data[i] = data[other]!;
    data[other] = held;
  }
  k.free(draws);
}
