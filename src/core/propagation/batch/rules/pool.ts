import { sizeOf, type Tensor } from '../tensor/tensor.js';
import type { OperationOf, Rule, RuleContext } from '../types.js';
import { correlate, spread } from '../window/depthwise.js';
import { eachLine, geometryOf, type Geometry } from '../window/geometry.js';
import { averageTaps, resample, resampleBack } from '../window/resample.js';

/** Channels and samples are alike here: planes of a large and of a small map. */
interface Planes {
  readonly geometry: Geometry;
  readonly count: number;
}

function planesOf(op: OperationOf<'pool'>, x: readonly number[], y: readonly number[]): Planes {
  return { geometry: geometryOf(x.slice(2), y.slice(2), op.window), count: sizeOf(x.slice(0, 2)) };
}

function largest({ geometry: g, count }: Planes, x: Tensor, y: Tensor): Int32Array {
  const at = new Int32Array(y.data.length);
  y.data.fill(-Infinity);
  const map = g.maps[2];
  for (let p = 0; p < count; p++)
    for (let tap = 0; tap < g.kernelSize; tap++)
      eachLine(g, tap, (small, row, mapAt) => {
        for (let o = 0; o < g.small[2]; o++) {
          const place = map[mapAt + o]!;
          if (place < 0) continue;
          const from = p * g.largeSize + row + place;
          const to = p * g.smallSize + small + o;
          if (x.data[from]! > y.data[to]!) {
            y.data[to] = x.data[from]!;
            at[to] = from;
          }
        }
      });
  return at;
}

/** By place of the small map, one over the number that its sum is divided by. */
function shares(op: OperationOf<'pool'>, g: Geometry, x: readonly number[]): Float64Array {
  const lead = 3 - op.window.kernel.length;
  const lengths = g.small.map((size, axis): number[] => {
    const own = axis - lead;
    if (own < 0) return [1];
    const [before, after] = op.window.padding[own] ?? [0, 0];
    const [k, stride] = [op.window.kernel[own]!, op.window.stride[own]!];
    return Array.from({ length: size }, (_, o) => {
      const start = o * stride - before;
      // A window that `ceil_mode` lets reach past the padding counts only up to it.
      const end = Math.min(start + k, (x[2 + own] ?? 1) + after);
      return op.countPadding ? end - start : Math.min(end, x[2 + own] ?? 1) - Math.max(0, start);
    });
  });
  const out = new Float64Array(g.smallSize);
  let i = 0;
  for (const a of lengths[0]!) for (const b of lengths[1]!) for (const d of lengths[2]!) out[i++] = 1 / (a * b * d);
  return out;
}

function ones(g: Geometry, c: RuleContext): Tensor {
  const w = c.make([g.kernelSize]);
  w.data.fill(1);
  return w;
}

export const pool: Rule<'pool'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const planes = planesOf(op, x.shape, shape);
    const y = c.make(shape);
    if (op.reduce === 'max') {
      c.memo = largest(planes, x, y);
      return [y];
    }
    const { geometry: g, count } = planes;
    const w = ones(g, c);
    const share = shares(op, g, x.shape);
    for (let p = 0; p < count; p++) {
      correlate(g, w.data, 0, x.data, p * g.largeSize, y.data, p * g.smallSize);
      for (let i = 0; i < g.smallSize; i++) y.data[p * g.smallSize + i] = y.data[p * g.smallSize + i]! * share[i]!;
    }
    c.release(w);
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    const out = c.make(x.shape);
    if (op.reduce === 'max') {
      const at = c.memo as Int32Array;
      for (let i = 0; i < at.length; i++) out.data[at[i]!] = out.data[at[i]!]! + g.data[i]!;
      return [out];
    }
    const { geometry, count } = planesOf(op, x.shape, g.shape);
    const w = ones(geometry, c);
    const share = shares(op, geometry, x.shape);
    const shared = c.make([geometry.smallSize]);
    for (let p = 0; p < count; p++) {
      for (let i = 0; i < share.length; i++) shared.data[i] = g.data[p * share.length + i]! * share[i]!;
      spread(geometry, w.data, 0, shared.data, 0, out.data, p * geometry.largeSize);
    }
    c.release(w, shared);
    return [out];
  },
};

/** Window o of an adaptive pooling covers [⌊o·in/out⌋, ⌈(o+1)·in/out⌉). */
export function adaptiveRange(o: number, size: number, out: number): readonly [number, number] {
  return [Math.floor((o * size) / out), Math.ceil(((o + 1) * size) / out)];
}

export const adaptivePool: Rule<'adaptivePool'> = {
  reads: 'nothing',
  forward(op, [x], c) {
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    if (op.reduce === 'average') return [resample(c, x, shape, (size, out) => averageTaps(size, out))];
    const y = c.make(shape);
    const at = new Int32Array(y.data.length);
    const [large, small] = [three(x.shape.slice(2)), three(shape.slice(2))];
    const ranges = large.map((size, axis) =>
      Array.from({ length: small[axis]! }, (_, o) => adaptiveRange(o, size, small[axis]!)),
    );
    let i = 0;
    for (let p = 0; p < sizeOf(x.shape.slice(0, 2)); p++)
      for (const [z0, z1] of ranges[0]!)
        for (const [y0, y1] of ranges[1]!)
          for (const [x0, x1] of ranges[2]!) {
            let best = -Infinity;
            for (let z = z0; z < z1; z++)
              for (let v = y0; v < y1; v++) {
                const row = ((p * large[0]! + z) * large[1]! + v) * large[2]!;
                for (let u = x0; u < x1; u++)
                  if (x.data[row + u]! > best) {
                    best = x.data[row + u]!;
                    at[i] = row + u;
                  }
              }
            y.data[i++] = best;
          }
    c.memo = at;
    return [y];
  },
  backward(op, { inputs: [x], gradients: [g] }, c) {
    if (x === undefined || g === undefined) return [];
    if (op.reduce === 'average') return [resampleBack(c, g, x.shape, (size, out) => averageTaps(size, out))];
    const out = c.make(x.shape);
    const at = c.memo as Int32Array;
    for (let i = 0; i < at.length; i++) out.data[at[i]!] = out.data[at[i]!]! + g.data[i]!;
    return [out];
  },
};

function three(shape: readonly number[]): readonly number[] {
  return [...new Array<number>(Math.max(0, 3 - shape.length)).fill(1), ...shape];
}
