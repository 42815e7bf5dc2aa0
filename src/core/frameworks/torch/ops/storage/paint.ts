import { mixture } from '../../../../initializers/index.js';
import type { Distribution } from '../../../../model/index.js';
import type { Layout } from './layout.js';

/**
 * Parts of a tensor that were set differently (`bias.data[n:2*n].fill_(1)`, `pe[:, 0::2] = …`). A storage is taken as
 * rows × entries of a row, and what is written as a set of rows times a set of places in them; a later write covers
 * an earlier one where they meet.
 */
interface Grid {
  readonly rows: number;
  readonly places: number;
}
interface Patch {
  /** Members are 1; null for all. */
  readonly rows: Uint8Array | null;
  readonly places: Uint8Array | null;
}
interface Layer extends Patch {
  readonly distribution: Distribution;
}
interface Painting {
  readonly grid: Grid;
  /** From the bottom up; the first covers everything. */
  readonly layers: readonly Layer[];
}

/** As many layers as a bit set of a number holds; older ones then run together. */
const MAX_LAYERS = 30;
/** Larger axes are told apart by fraction only. */
const MAX_AXIS = 1_000_000;

/** How a mixture came about; kept with the distribution, which never changes. */
const paintings = new WeakMap<Distribution, Painting>();

export interface Part extends Layout {
  readonly shape: readonly number[];
}

export function paint(
  below: Distribution,
  total: number,
  rows: number,
  part: Part,
  above: Distribution,
): Distribution | null {
  const grid = gridOf(total, rows);
  const patch = patchOf(grid, part);
  if (!patch) return null;
  if (!patch.rows && !patch.places) return above;
  const old = paintings.get(below);
  let layers = old?.grid.rows === grid.rows && old.grid.places === grid.places ? old.layers : [whole(below)];
  if (layers.length >= MAX_LAYERS) layers = [whole(mixture(shares(grid, layers)))];
  const painting: Painting = { grid, layers: [...layers, { ...patch, distribution: above }] };
  const plain = mixture(shares(grid, painting.layers));
  const runs = plain.kind === 'mixture' ? runsOf(grid, painting.layers, plain.parts) : undefined;
  const result: Distribution = plain.kind === 'mixture' && runs ? { ...plain, runs } : plain;
  if (result.kind === 'mixture') paintings.set(result, painting);
  else if (result === above && shares(grid, painting.layers).length > 1) return { ...result };
  return result;
}

/** What a part of a painted storage holds; null where the part can't be told apart. */
export function lookAt(d: Distribution, total: number, rows: number, part: Part): Distribution | null {
  const painting = paintings.get(d);
  if (!painting) return null;
  const patch = patchOf(gridOf(total, rows), part);
  return patch ? mixture(shares(painting.grid, painting.layers, patch)) : null;
}

function whole(distribution: Distribution): Layer {
  return { rows: null, places: null, distribution };
}

function gridOf(total: number, rows: number): Grid {
  return rows > 0 && total % rows === 0 ? { rows, places: total / rows } : { rows: 1, places: total };
}

/** The set of rows and the set of places that a strided view covers, where it is their product. */
function patchOf(grid: Grid, part: Part): Patch | null {
  if (grid.rows > MAX_AXIS || grid.places > MAX_AXIS) return null;
  const rowSteps: Step[] = [];
  const placeSteps: Step[] = [];
  for (const [axis, size] of part.shape.entries()) {
    const stride = part.strides[axis]!;
    if (size === 1 || stride === 0) continue;
    if (stride % grid.places === 0) rowSteps.push({ size, stride: stride / grid.places });
    else placeSteps.push({ size, stride });
  }
  let place = part.offset % grid.places;
  const reach = place + placeSteps.reduce((sum, s) => sum + (s.size - 1) * s.stride, 0);
  if (reach >= grid.places) {
    // A run over several whole rows, as of a flattened tensor.
    const [run] = placeSteps;
    if (placeSteps.length !== 1 || run?.stride !== 1 || place !== 0 || run.size % grid.places !== 0) return null;
    rowSteps.push({ size: run.size / grid.places, stride: 1 });
    placeSteps[0] = { size: grid.places, stride: 1 };
    place = 0;
  }
  return {
    rows: members(grid.rows, Math.floor(part.offset / grid.places), rowSteps),
    places: members(grid.places, place, placeSteps),
  };
}

interface Step {
  readonly size: number;
  readonly stride: number;
}

function members(size: number, start: number, steps: readonly Step[]): Uint8Array | null {
  const set = new Uint8Array(size);
  let found = 0;
  const visit = (at: number, level: number): void => {
    const step = steps[level];
    if (!step) {
      if (set[at] === 0) {
        set[at] = 1;
        found++;
      }
      return;
    }
    for (let i = 0; i < step.size; i++) visit(at + i * step.stride, level + 1);
  };
  visit(start, 0);
  return found === size ? null : set;
}

/** The share of each layer that nothing later covers, all in all or within a part. */
function shares(
  grid: Grid,
  layers: readonly Layer[],
  within?: Patch,
): { fraction: number; distribution: Distribution }[] {
  const rowKinds = kinds(grid.rows, layers, (l) => l.rows, within?.rows ?? null);
  const placeKinds = kinds(grid.places, layers, (l) => l.places, within?.places ?? null);
  const visible = new Array<number>(layers.length).fill(0);
  let all = 0;
  for (const [r, rows] of rowKinds) {
    for (const [p, places] of placeKinds) {
      const top = 31 - Math.clz32(r & p);
      visible[top] = visible[top]! + rows * places;
      all += rows * places;
    }
  }
  const out: { fraction: number; distribution: Distribution }[] = [];
  for (const [i, { distribution }] of layers.entries()) {
    const fraction = visible[i]! / all;
    if (fraction === 0) continue;
    const same = out.find((o) => isSame(o.distribution, distribution));
    if (same) same.fraction += fraction;
    else out.push({ fraction, distribution });
  }
  return out;
}

/** Positions along an axis by the layers that cover them (a bit for each), and how many there are. */
function kinds(
  size: number,
  layers: readonly Layer[],
  along: (l: Layer) => Uint8Array | null,
  within: Uint8Array | null,
): Map<number, number> {
  const everywhere = layers.reduce((bits, l, i) => (along(l) ? bits : bits | (1 << i)), 0);
  const partial = layers.flatMap((l, i) => {
    const set = along(l);
    return set ? [{ bit: 1 << i, set }] : [];
  });
  if (partial.length === 0 && !within) return new Map([[everywhere, size]]);
  const out = new Map<number, number>();
  for (let at = 0; at < size; at++) {
    if (within?.[at] === 0) continue;
    let bits = everywhere;
    for (const p of partial) if (p.set[at] === 1) bits |= p.bit;
    out.set(bits, (out.get(bits) ?? 0) + 1);
  }
  return out;
}

/** A tensor in more pieces than this, or written more often, is described by its shares alone. */
const MAX_RUNS = 256;
const MAX_WRITES = 8;
const MAX_STEPS = 500_000;

/** Which part each stretch of entries belongs to, row by row. */
function runsOf(
  grid: Grid,
  layers: readonly Layer[],
  parts: readonly { readonly distribution: Distribution }[],
): { part: number; length: number }[] | undefined {
  const placesDiffer = layers.some((l) => l.places !== null);
  if (layers.length > MAX_WRITES || grid.rows * (placesDiffer ? grid.places : 1) > MAX_STEPS) return undefined;
  const partOf = layers.map((l) => parts.findIndex((p) => isSame(p.distribution, l.distribution)));
  const out: { part: number; length: number }[] = [];
  const add = (part: number, length: number): void => {
    const last = out.at(-1);
    if (last?.part === part) last.length += length;
    else out.push({ part, length });
  };
  const bitsAt = (at: number, along: (l: Layer) => Uint8Array | null): number =>
    layers.reduce((bits, l, i) => (along(l)?.[at] === 0 ? bits : bits | (1 << i)), 0);
  const top = (bits: number): number => partOf[31 - Math.clz32(bits)] ?? -1;
  for (let row = 0; row < grid.rows && out.length <= MAX_RUNS; row++) {
    const bits = bitsAt(row, (l) => l.rows);
    if (!placesDiffer) add(top(bits), grid.places);
    else
      for (let place = 0; place < grid.places && out.length <= MAX_RUNS; place++)
        add(top(bits & bitsAt(place, (l) => l.places)), 1);
  }
  return out.length > MAX_RUNS || out.some((r) => r.part < 0) ? undefined : out;
}

function isSame(a: Distribution, b: Distribution): boolean {
  return a === b || (a.kind === 'constant' && b.kind === 'constant' && a.mean === b.mean);
}
