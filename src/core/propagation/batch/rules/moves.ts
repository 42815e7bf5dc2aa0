import { axisMap, gatherAxes, scatterAxes, type AxisMap } from '../tensor/gather.js';
import { sizeOf, type Tensor } from '../tensor/tensor.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';

/** Where the entries of one result come from: the source seen in `source`'s shape, and a map for each axis of `shape`. */
interface Move {
  readonly source: readonly number[];
  readonly shape: readonly number[];
  readonly maps: readonly AxisMap[];
  readonly fill?: number;
}

type Mover = 'select' | 'repeat' | 'pad' | 'roll';

/** Rule of an operation that only takes entries to other places. `plan` gives a move for each output. */
function mover<K extends Mover>(
  plan: (op: OperationOf<K>, x: readonly number[], c: RuleContext) => readonly Move[] | { unknown: string },
): Rule<K> {
  return {
    reads: 'nothing',
    forward(op, [x], c) {
      if (x === undefined) return { unknown: 'no input' };
      const moves = plan(op, x.shape, c);
      if ('unknown' in moves) return moves;
      c.memo = moves;
      return moves.map((m, k): Tensor => {
        const out = c.make(m.shape);
        gatherAxes(x.data, m.source, m.maps, out.data, m.shape, m.fill);
        return { shape: c.outputShapes[k] ?? m.shape, data: out.data };
      });
    },
    backward(_, { inputs: [x], gradients }, c) {
      if (x === undefined) return [];
      const out = c.make(x.shape);
      (c.memo as readonly Move[]).forEach((m, k) => {
        const g = gradients[k];
        if (g !== undefined) scatterAxes(g.data, m.shape, m.maps, out.data, m.source);
      });
      return [out];
    },
  };
}

export const pad: Rule<'pad'> = mover((op, x) => {
  const lead = x.length - op.amounts.length;
  const maps = x.map((size, axis): AxisMap => {
    const [before, after] = op.amounts[axis - lead] ?? [0, 0];
    return before === 0 && after === 0
      ? undefined
      : axisMap(size + before + after, (i) => padded(i - before, size, op.mode));
  });
  return [{ source: x, shape: x.map((size, i) => maps[i]?.length ?? size), maps, fill: op.value }];
});

/** The place that a place outside [0, size) copies. */
export function padded(i: number, size: number, mode: 'zeros' | 'reflect' | 'replicate' | 'circular'): number {
  if (i >= 0 && i < size) return i;
  switch (mode) {
    case 'zeros':
      return -1;
    case 'replicate':
      return i < 0 ? 0 : size - 1;
    case 'circular':
      return ((i % size) + size) % size;
    case 'reflect':
      return i < 0 ? -i : 2 * (size - 1) - i;
  }
}

export const roll: Rule<'roll'> = mover((op, x, c) => {
  if (op.shifts === undefined && op.flipped === undefined) c.note('rolled or flipped entries stay in place');
  const maps = x.map((size, axis): AxisMap => {
    if (op.flipped?.includes(axis) === true) return axisMap(size, (i) => size - 1 - i);
    const by = op.shifts?.find((s) => s.axis === axis)?.by ?? 0;
    return by === 0 ? undefined : axisMap(size, (i) => (((i - by) % size) + size) % size);
  });
  return [{ source: x, shape: x, maps }];
});

/** Copies along an axis follow each other as `tile` and `expand` lay them. */
export const repeat: Rule<'repeat'> = mover((op, x, c) => {
  const shape = c.outputShapes[0] ?? x;
  const lead = shape.length - x.length;
  if (lead < 0) return { unknown: 'repeated to fewer axes' };
  const source = shape.map((_, i) => (i < lead ? 1 : x[i - lead]!));
  if (source.includes(0) || shape.some((d, i) => d % source[i]! !== 0))
    return { unknown: 'repeated to a size that is no multiple' };
  return [
    {
      source,
      shape,
      maps: shape.map((d, i) => {
        const own = source[i]!;
        if (d === own) return undefined;
        return axisMap(d, op.interleaved === i ? (k) => Math.floor((k * own) / d) : (k) => k % own);
      }),
    },
  ];
});

export const select: Rule<'select'> = mover((op, x, c) => {
  if (c.outputShapes.length > 1) return parts(x, c);
  const wanted = c.outputShapes[0] ?? x;
  if (op.slices === undefined && op.taken === undefined) return unnamed(x, wanted, c);
  const maps: AxisMap[] = x.map(() => undefined);
  const shape = [...x];
  for (const { axis, start, length, step } of op.slices ?? []) {
    const from = maps[axis];
    maps[axis] = axisMap(length, (i) => (from === undefined ? start + i * step : from[start + i * step]!));
    shape[axis] = length;
  }
  if (op.taken !== undefined) {
    const { axis, places } = op.taken;
    maps[axis] = Int32Array.from(places);
    shape[axis] = places.length;
  }
  if (sizeOf(shape) !== sizeOf(wanted)) return unnamed(x, wanted, c);
  return [{ source: x, shape, maps }];
});

/** chunk, split, unbind: neighbouring parts of the axis whose sizes add up. */
function parts(x: readonly number[], c: RuleContext): readonly Move[] | { unknown: string } {
  const shapes = c.outputShapes;
  const kept = shapes[0]?.length === x.length;
  const axis = x.findIndex((size, i) =>
    kept
      ? shapes.reduce((sum, s) => sum + (s[i] ?? 0), 0) === size &&
        shapes.every((s) => s.every((d, k) => k === i || d === x[k]))
      : size === shapes.length && shapes.every((s) => s.every((d, k) => d === x[k < i ? k : k + 1])),
  );
  if (axis < 0) return shapes.flatMap((s) => unnamed(x, s, c));
  let start = 0;
  return shapes.map((s) => {
    const length = kept ? s[axis]! : 1;
    const from = start;
    start += length;
    return {
      source: x,
      shape: x.map((d, i) => (i === axis ? length : d)),
      maps: x.map((_, i) => (i === axis ? axisMap(length, (k) => from + k) : undefined)),
    };
  });
}

/**
 * Entries chosen by an index that the graph does not keep: along each axis whose size changed places at random, with
 * repetition only where there are more than the source has.
 */
function unnamed(x: readonly number[], wanted: readonly number[], c: RuleContext): Move[] {
  if (sizeOf(x) === sizeOf(wanted) && x.length === wanted.length && x.every((d, i) => d === wanted[i])) {
    c.note('reordered or masked entries stay in place');
    return [{ source: x, shape: x, maps: x.map(() => undefined) }];
  }
  c.note('entries chosen by an index are taken at random');
  c.seed();
  const match = aligned(x, wanted);
  if (match !== undefined)
    return [
      {
        source: x,
        shape: x.map((d, i) => match[i] ?? d),
        maps: x.map((d, i) => (match[i] === undefined || match[i] === d ? undefined : chosen(c, d, match[i]))),
      },
    ];
  return [{ source: [sizeOf(x)], shape: [sizeOf(wanted)], maps: [chosen(c, sizeOf(x), sizeOf(wanted))] }];
}

/** How many places each axis of `x` keeps so that `wanted` results, axes of one place dropped where they have to be. */
function aligned(x: readonly number[], wanted: readonly number[]): number[] | undefined {
  const missing = x.length - wanted.length;
  if (missing < 0) return undefined;
  if (missing === 0) return [...wanted];
  if (missing > 1) return undefined;
  for (let gone = 0; gone < x.length; gone++)
    if (wanted.every((d, i) => d === x[i < gone ? i : i + 1])) return x.map((d, i) => (i === gone ? 1 : d));
  return undefined;
}

function chosen(c: RuleContext, from: number, count: number): Int32Array {
  const draws = c.make([count]);
  c.kernels.uniform(draws.data, 0, 1);
  const places = Array.from({ length: from }, (_, i) => i);
  const map = axisMap(count, (i) => {
    const u = Math.min(draws.data[i]!, 1 - 1e-7);
    if (count > from) return Math.floor(u * from);
    // Fisher–Yates: place i changes with one of those not yet taken.
    const other = i + Math.floor(u * (from - i));
    [places[i], places[other]] = [places[other]!, places[i]!];
    return places[i];
  });
  c.release(draws);
  return map.sort();
}
