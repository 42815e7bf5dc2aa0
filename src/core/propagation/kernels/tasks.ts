import { BLOCK, columnsOf, walk } from './cuts.js';
import type { Address, Exports } from './instances.js';

/** One part of a kernel's work, as `cuts.ts` cuts it. */
export type Task<Args extends readonly number[]> = (exports: Exports, part: number, ...args: Args) => void;

/** Arguments that a task may have. */
export const MOST_ARGUMENTS = 16;

const FLOAT = 4;
const DOUBLE = 8;

/** The last two: as `ProductCut` says. */
type Product = [
  a: Address,
  b: Address,
  c: Address,
  m: number,
  n: number,
  k: number,
  flags: number,
  alpha: number,
  beta: number,
  step: number,
  block: number,
];

export const multiplyRows: Task<Product> = (e, part, a, b, c, m, n, k, flags, alpha, beta, step) => {
  e.multiply(a, b, c, m, n, k, flags, alpha, beta, part * step, Math.min(m, (part + 1) * step), 0, n);
};

export const multiplyColumns: Task<Product> = (e, part, a, b, c, m, n, k, flags, alpha, beta, step, block) => {
  e.multiply(a, b, c, m, n, k, flags, alpha, beta, 0, m, ...columnsOf(part, n, step, block));
};

type Gram = [x: Address, rows: number, columns: number, out: Address, singles: number, step: number, spare: Address];

/** Those further down, which take longer, first. */
export const gramByRows: Task<Gram> = (e, part, x, rows, columns, out, singles, step) => {
  const row = (Math.ceil(rows / step) - 1 - part) * step;
  e.gram(x, rows, columns, out, singles, row, Math.min(rows, row + step), 0, columns, 0);
};

/** Even blocks of columns are summed into `out`, odd ones into `spare`. */
export const gramByColumns: Task<Gram> = (e, part, x, rows, columns, out, singles, step, spare) => {
  const to = part === 0 ? out : spare;
  for (let from = part * step; from < columns; from += 2 * step)
    e.gram(x, rows, columns, to, singles, 0, rows, from, Math.min(columns, from + step), from < 2 * step ? 0 : 1);
};

/** `block`: of the stream, where the first number comes from. */
type Fill = [out: Address, count: number, a: number, b: number, stream: Address, block: number, step: number];

export const normal: Task<Fill> = (e, part, out, count, mean, std, stream, block, step) => {
  walk(part, count, step, (from, numbers) => {
    e.normal(out + FLOAT * from, numbers, mean, std, stream, block + from / BLOCK);
  });
};

export const uniform: Task<Fill> = (e, part, out, count, low, high, stream, block, step) => {
  walk(part, count, step, (from, numbers) => {
    e.uniform(out + FLOAT * from, numbers, low, high, stream, block + from / BLOCK);
  });
};

type Activate = [
  kind: number,
  x: Address,
  y: Address,
  slope: Address,
  count: number,
  step: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
];

export const activate: Task<Activate> = (e, part, kind, x, y, slope, count, step, ...constants) => {
  walk(part, count, step, (from, numbers) => {
    const at = FLOAT * from;
    e.activate(kind, x + at, y + at, slope === 0 ? 0 : slope + at, numbers, ...constants);
  });
};

type AddScaled = [out: Address, x: Address, count: number, step: number, alpha: number];

export const addScaled: Task<AddScaled> = (e, part, out, x, count, step, alpha) => {
  walk(part, count, step, (from, numbers) => {
    e.addScaled(out + FLOAT * from, x + FLOAT * from, numbers, alpha);
  });
};

export const scale: Task<[x: Address, count: number, step: number, factor: number]> = (e, part, ...args) => {
  const [x, count, step, factor] = args;
  walk(part, count, step, (from, numbers) => {
    e.scale(x + FLOAT * from, numbers, factor);
  });
};

type Elements = [a: Address, b: Address, out: Address, count: number, step: number];

export const multiplyElements: Task<Elements> = (e, part, a, b, out, count, step) => {
  walk(part, count, step, (from, numbers) => {
    e.multiplyElements(a + FLOAT * from, b + FLOAT * from, out + FLOAT * from, numbers);
  });
};

type Quadratic = [g: Address, y: Address, out: Address, count: number, step: number, a: number, b: number, c: number];

export const multiplyByQuadratic: Task<Quadratic> = (e, part, g, y, out, count, step, ...coefficients) => {
  walk(part, count, step, (from, numbers) => {
    e.multiplyByQuadratic(g + FLOAT * from, y + FLOAT * from, out + FLOAT * from, numbers, ...coefficients);
  });
};

/** Σx and Σx² of every `step` numbers, one pair behind the other from `out` on; even ones or odd ones. */
export const sums: Task<[x: Address, count: number, step: number, out: Address]> = (e, part, x, count, step, out) => {
  for (let i = part; i * step < count; i += 2)
    e.sums(x + FLOAT * i * step, Math.min(step, count - i * step), out + 2 * DOUBLE * i);
};

/** By the number under which all threads know them. */
export const tasks: readonly unknown[] = [
  multiplyRows,
  multiplyColumns,
  gramByRows,
  gramByColumns,
  normal,
  uniform,
  activate,
  addScaled,
  scale,
  multiplyElements,
  multiplyByQuadratic,
  sums,
];
