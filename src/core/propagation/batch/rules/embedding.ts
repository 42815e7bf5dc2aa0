import { sizeOf, type Tensor } from '../tensor/tensor.js';
import { isUnknown, type OperationOf, type Rule, type RuleContext } from '../types.js';

/** Tokens that go into one row of the result: a bag reduces the second axis, or equal runs of a flat list. */
function bagSize(op: OperationOf<'embedding'>, x: readonly number[], y: readonly number[]): number {
  return op.combine === undefined ? 1 : sizeOf(x) / Math.max(1, y[0] ?? 1);
}

/** The table's row for a token; integers from elsewhere may be out of range. */
function rowOf(token: number, rows: number): number {
  return Math.min(rows - 1, Math.max(0, Math.round(token)));
}

/** The rows that tokens name, and for each token which of them it is. */
interface Lookup {
  readonly rows: Int32Array;
  readonly places: Int32Array;
  /** Place of the row that stands for no token. */
  readonly padding: number | undefined;
}

function lookUp(tokens: Float32Array, rows: number, paddingIndex: number | undefined): Lookup {
  const all = Int32Array.from(tokens, (token) => rowOf(token, rows));
  const distinct = Int32Array.from(new Set(all)).sort();
  const placeOf = new Map(Array.from(distinct, (row, i) => [row, i]));
  const padding = paddingIndex === undefined ? undefined : placeOf.get(paddingIndex);
  return { rows: distinct, places: all.map((row) => placeOf.get(row)!), padding };
}

/** What the way back needs of the way forward. */
interface Memo {
  readonly lookup: Lookup;
  /** By entry of a bag's maximum: the place it came from. */
  readonly largest: Int32Array | undefined;
}

function tableShape(op: OperationOf<'embedding'>, inputs: readonly Tensor[], c: RuleContext): readonly number[] {
  return op.weight === 'input' ? (inputs.at(-1)?.shape ?? []) : c.parameterShape(op.weight);
}

/** The rows of a computed table, one after the other. */
function rowsOf(table: Tensor, rows: Int32Array, c: RuleContext): Tensor {
  const width = table.shape[1] ?? 1;
  const out = c.make([rows.length, width]);
  rows.forEach((row, i) => {
    out.data.set(table.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

export const embedding: Rule<'embedding'> = {
  reads: 'inputs',
  forward(op, inputs, c) {
    const [x] = inputs;
    const shape = c.outputShapes[0];
    if (x === undefined || shape === undefined) return { unknown: 'no input' };
    const bag = bagSize(op, x.shape, shape);
    if (op.combine !== undefined && !Number.isInteger(bag)) return { unknown: 'bags of different sizes' };
    const [rows = 1, width = 1] = tableShape(op, inputs, c);
    const lookup = lookUp(x.data, rows, op.paddingIndex);
    const table =
      op.weight === 'input' ? rowsOf(inputs.at(-1)!, lookup.rows, c) : c.parameterRows(op.weight, lookup.rows);
    if (isUnknown(table)) return table;
    const y = c.make(shape);
    const largest = op.combine === 'max' ? new Int32Array(y.data.length) : undefined;
    const count = y.data.length / width;
    for (let i = 0; i < count; i++) {
      let used = 0;
      for (let b = 0; b < bag; b++) {
        const place = lookup.places[i * bag + b]!;
        if (op.combine !== undefined && place === lookup.padding) continue;
        const from = place * width;
        for (let j = 0; j < width; j++) {
          const v = table.data[from + j]!;
          const at = i * width + j;
          if (largest === undefined) y.data[at] = y.data[at]! + v;
          else if (used === 0 || v > y.data[at]!) {
            y.data[at] = v;
            largest[at] = place;
          }
        }
        used++;
      }
      if (op.combine === 'mean' && used > 1)
        for (let j = 0; j < width; j++) y.data[i * width + j] = y.data[i * width + j]! / used;
    }
    c.memo = { lookup, largest } satisfies Memo;
    c.release(table);
    return [y];
  },
  backward(op, { inputs, gradients: [g] }, c) {
    const [x] = inputs;
    const memo = c.memo as Memo | undefined;
    if (x === undefined || g === undefined || memo === undefined) return [];
    const { lookup, largest } = memo;
    const shape = tableShape(op, inputs, c);
    const width = shape[1] ?? 1;
    const bag = bagSize(op, x.shape, g.shape);
    const own = c.make([lookup.rows.length, width]);
    for (let i = 0; i < g.data.length / width; i++) {
      const members = lookup.places.subarray(i * bag, (i + 1) * bag).filter((place) => place !== lookup.padding);
      const share = op.combine === 'mean' ? 1 / Math.max(1, members.length) : 1;
      for (let j = 0; j < width; j++) {
        const v = g.data[i * width + j]! * share;
        if (largest !== undefined) add(own, largest[i * width + j]! * width + j, v);
        else for (const place of members) add(own, place * width + j, v);
      }
    }
    if (op.weight !== 'input') {
      c.giveRows(op.weight, { indices: lookup.rows, values: own, shape });
      return [];
    }
    const whole = c.make(shape);
    lookup.rows.forEach((row, i) => {
      whole.data.set(own.data.subarray(i * width, (i + 1) * width), row * width);
    });
    c.release(own);
    return inputs.map((_, i) => (i === inputs.length - 1 ? whole : undefined));
  },
};

function add(t: Tensor, at: number, v: number): void {
  t.data[at] = t.data[at]! + v;
}
