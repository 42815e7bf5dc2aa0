import type { Distribution, KnownDistribution, ParameterId } from '../../../model/index.js';
import type { Kernels } from '../../kernels/types.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { drawInto } from './draw.js';

/**
 * How a large parameter of independent entries is drawn: in blocks of whole rows, each from a stream of its own, so that
 * some rows of it can be had without the others.
 */
export interface Blocks {
  readonly count: number;
  /** Rows of a block; the last one may have fewer. */
  readonly rows: number;
  /** Rows of all blocks together. */
  readonly allRows: number;
  /** Entries of a row. */
  readonly width: number;
}

/** Parameters of so many entries are drawn in blocks. */
const LEAST_BLOCKED = 2 ** 22;
/** Entries of a block, roughly: what a processor core's own cache holds. */
const BLOCK = 2 ** 16;

const INDEPENDENT = ['normal', 'uniform', 'truncatedNormal', 'constant'];

function isIndependent(d: Distribution, size: number): boolean {
  if (d.kind !== 'mixture') return INDEPENDENT.includes(d.kind);
  const covered = d.runs?.reduce((sum, run) => sum + run.length, 0) === size;
  return covered && d.parts.every((part) => INDEPENDENT.includes(part.distribution.kind));
}

/** Undefined where the parameter is drawn whole. */
export function blocksOf(shape: readonly number[], d: Distribution): Blocks | undefined {
  const size = sizeOf(shape);
  const allRows = shape[0] ?? 1;
  if (size < LEAST_BLOCKED || shape.length < 2 || !isIndependent(d, size)) return undefined;
  const width = size / allRows;
  const rows = Math.max(1, Math.floor(BLOCK / width));
  return { count: Math.ceil(allRows / rows), rows, allRows, width };
}

/** Rows that a block has. */
export function rowsOfBlock({ rows, allRows }: Blocks, block: number): number {
  return Math.min(rows, allRows - block * rows);
}

/** What identifies a parameter's draw. */
export interface Draw {
  readonly seed: number;
  readonly id: ParameterId;
  readonly distribution: KnownDistribution;
}

/** Parameters have the even streams; those of later blocks differ in the upper half of the number. */
function seedBlock(k: Kernels, { seed, id }: Draw, block: number): void {
  k.seed(seed, 2 * id + block * 2 ** 32);
}

export function drawBlock(k: Kernels, draw: Draw, blocks: Blocks, block: number, out: Float32Array): void {
  seedBlock(k, draw, block);
  fillFrom(k, draw.distribution, out, block * blocks.rows * blocks.width);
}

/** The whole parameter. */
export function drawParameter(k: Kernels, draw: Draw, t: Tensor): void {
  const blocks = blocksOf(t.shape, draw.distribution);
  if (blocks === undefined) {
    seedBlock(k, draw, 0);
    drawInto(k, draw.distribution, t);
    return;
  }
  const step = blocks.rows * blocks.width;
  for (let b = 0; b < blocks.count; b++) drawBlock(k, draw, blocks, b, t.data.subarray(b * step, (b + 1) * step));
}

/** Fills with the law's entries from `start` on. */
function fillFrom(k: Kernels, d: KnownDistribution, out: Float32Array, start: number): void {
  if (d.kind !== 'mixture') {
    drawInto(k, d, { shape: [out.length], data: out });
    return;
  }
  let at = -start;
  for (const { part, length } of d.runs ?? []) {
    const [from, to] = [Math.max(0, at), Math.min(out.length, at + length)];
    at += length;
    const own = d.parts[part]?.distribution;
    if (to > from && own?.std !== undefined) fillFrom(k, own, out.subarray(from, to), 0);
  }
}
