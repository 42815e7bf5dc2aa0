/**
 * How a kernel's work is cut into parts that may be made at the same time, in any order. Cuts depend on the work's own
 * sizes, never on the number of threads: results are the same to the last bit, however many there are.
 *
 * Arrays are cut into blocks of `BLOCK` numbers, and even parts take even blocks, odd parts odd ones. Rows of a batch that
 * are a multiple of two blocks long thus fall to the same threads, column by column, whichever kernel works on them:
 * what one thread has written, it finds in its own cache (on two cores of a server it made a layer a third faster).
 */
export const BLOCK = 2048;

/** Parts that a task may have; each side counts its own in seven bits. */
export const MOST_PARTS = 128;

export interface Cut {
  readonly parts: number;
  /** Blocks, or columns, of one part; 0 where there is one part only. */
  readonly step: number;
}

export const WHOLE: Cut = { parts: 1, step: 0 };

/** What a walk does with a number: a multiplication or so, or a function of it, which takes five times as long. */
export type Effort = 'little' | 'much';

/** Blocks that one part of a walk has at least: some microseconds' work, against the fraction of one that sharing takes. */
const LEAST: Readonly<Record<Effort, number>> = { little: 16, much: 4 };

/** A walk over arrays of `count` numbers. */
export function walkCut(count: number, effort: Effort): Cut {
  const least = LEAST[effort];
  const blocks = Math.ceil(count / BLOCK);
  if (blocks < 2 * least) return WHOLE;
  const each = Math.ceil(blocks / 2);
  const step = Math.max(least, Math.ceil((2 * each) / MOST_PARTS));
  return { parts: 2 * Math.ceil(each / step), step };
}

/** Calls `visit` for each stretch of numbers that a part of a walk has. */
export function walk(part: number, count: number, step: number, visit: (from: number, numbers: number) => void): void {
  if (step === 0) {
    visit(0, count);
    return;
  }
  const first = (part >> 1) * step;
  for (let i = first; i < first + step; i++) {
    const from = (2 * i + (part & 1)) * BLOCK;
    if (from >= count) return;
    visit(from, Math.min(BLOCK, count - from));
  }
}

/** Numbers that are summed up by themselves, a multiple of a block. */
export function sumStep(count: number): number {
  return BLOCK * Math.max(1, Math.ceil(count / (BLOCK * MOST_PARTS)));
}

/** Multiplications that one part of a product should have: about 25 µs. */
const PART = 2 ** 19;

export interface ProductCut extends Cut {
  readonly along: 'rows' | 'columns';
  /** Columns that go to one side, even or odd. */
  readonly block: number;
}

/** A product of m×k and k×n; undefined where it is too small. */
export function productCut(m: number, n: number, k: number, transposeB: boolean): ProductCut | undefined {
  const wanted = Math.floor(Math.min(MOST_PARTS, (m * n * k) / PART));
  if (wanted < 2) return undefined;
  // Where B is transposed it is read as it stands, once for every sixteen rows of A; else it is packed by 64 columns.
  const unit = transposeB ? 16 : 64;
  if (n < 2 * unit) {
    const step = unit * Math.max(1, Math.ceil(m / (unit * wanted)));
    return m <= step ? undefined : { along: 'rows', step, block: 0, parts: Math.ceil(m / step) };
  }
  const block = n <= 2 * BLOCK ? unit * Math.ceil(n / (2 * unit)) : BLOCK * Math.ceil(n / (BLOCK * MOST_PARTS));
  const each = Math.ceil(Math.ceil(n / block) / 2);
  const pieces = Math.max(1, Math.floor(wanted / (2 * each)));
  const step = unit * Math.ceil(block / (unit * pieces));
  return { along: 'columns', step, block, parts: 2 * each * Math.ceil(block / step) };
}

/** The columns of one part of a product: from, and up to which. */
export function columnsOf(part: number, n: number, step: number, block: number): readonly [number, number] {
  const pieces = Math.ceil(block / step);
  const place = part >> 1;
  const start = (2 * Math.floor(place / pieces) + (part & 1)) * block;
  const from = start + (place % pieces) * step;
  return [Math.min(n, from), Math.min(n, from + step, start + block)];
}

/** Gram matrices with more rows are cut by blocks of rows; two halves of smaller ones are summed by themselves and then added. */
const FEW_ROWS = 128;
const GRAM_ROWS = 64;
/** Multiplications from which on two halves are worth sharing. */
export const GRAM_WORK = 2 * PART;

export interface GramCut {
  readonly along: 'rows' | 'columns';
  readonly parts: number;
  /** Rows of a part, or columns that go to one side, even or odd. */
  readonly step: number;
}

export function gramCut(rows: number, columns: number): GramCut {
  if (rows > FEW_ROWS) {
    const step = GRAM_ROWS * Math.max(1, Math.ceil(rows / (GRAM_ROWS * MOST_PARTS)));
    return { along: 'rows', step, parts: Math.ceil(rows / step) };
  }
  return { along: 'columns', step: BLOCK, parts: columns > BLOCK ? 2 : 1 };
}
