import { activationCode } from './activation-codes.js';
import { Arena } from './arena.js';
import { activateEach } from './elementwise.js';
import { instanceOf, memoryOf, type Address, type Exports } from './instances.js';
import { moduleOf } from './modules.js';
import {
  BLOCK,
  gramCut,
  MOST_PARTS,
  GRAM_WORK,
  productCut,
  sumStep,
  walkCut,
  WHOLE,
  type Cut,
  type Effort,
} from './cuts.js';
import { seedStream, STATE_WORDS } from './random.js';
import * as tasks from './tasks.js';
import { Team, type Helpers } from './team.js';
import type { Kernels } from './types.js';

export interface WebAssemblyOptions {
  /** Bytes that arrays may take together. */
  readonly limit: number;
  /** Use fused multiply-add where the engine has it: faster, but the last bits then differ from machine to machine. */
  readonly fused: boolean;
  /** Threads that take part in the work where memory can be shared; they change nothing in the results. */
  readonly helpers?: Helpers | undefined;
}

/** Below the arrays: a stream's words, and pairs of sums. */
const STREAM_BYTES = 4 * STATE_WORDS;
const SUM_BYTES = 16 * MOST_PARTS;

/**
 * Kernels in WebAssembly; undefined where the engine has no SIMD. The memory is as large as the limit from the start, so
 * that arrays never detach; pages that nobody touches cost nothing.
 */
export function webAssemblyKernels({ limit, fused, helpers }: WebAssemblyOptions): Kernels | undefined {
  const others = typeof SharedArrayBuffer === 'function' ? (helpers?.count ?? 0) : 0;
  const shared = others > 0;
  const module = moduleOf({ fused, shared });
  if (module === undefined) return shared ? webAssemblyKernels({ limit, fused }) : undefined;
  // Data and scratch areas take a little more than the arrays themselves.
  const memory = memoryOf(limit + 2 ** 19 + others * 2 ** 18, shared);
  const exports = instanceOf(module, memory);
  const scratch = Array.from({ length: 1 + others }, (_, i) => exports.scratchStart() + i * exports.scratchBytes());
  const start = exports.scratchStart() + (1 + others) * exports.scratchBytes();
  let team: Team | undefined;
  if (shared && helpers !== undefined) {
    team = new Team(exports);
    team.invite(helpers, module, memory, scratch.slice(1));
  }
  return new WebAssemblyKernels(memory.buffer, exports, start, limit, team);
}

class WebAssemblyKernels implements Kernels {
  readonly kind = 'wasm';
  readonly #arena: Arena;
  readonly #stream: Int32Array;
  readonly #sums: Float64Array;
  /** Blocks of the stream that are drawn. */
  #blocks = 0;

  /** Arrays and what else is kept begin at `start`. */
  constructor(
    private readonly buffer: ArrayBuffer | SharedArrayBuffer,
    private readonly exports: Exports,
    start: Address,
    limit: number,
    private readonly team: Team | undefined,
  ) {
    this.#stream = new Int32Array(buffer, start, STATE_WORDS);
    this.#sums = new Float64Array(buffer, start + STREAM_BYTES, SUM_BYTES / 8);
    const first = start + STREAM_BYTES + SUM_BYTES;
    this.#arena = new Arena(first, Math.min(buffer.byteLength, first + limit));
    this.seed(0, 0);
  }

  get bytes(): { readonly used: number; readonly peak: number } {
    return this.#arena.bytes;
  }

  allocate(length: number): Float32Array {
    const { offset, dirty } = this.#arena.allocate(4 * length);
    const array = new Float32Array(this.buffer, offset, length);
    if (dirty > 0) array.fill(0, 0, dirty / 4);
    return array;
  }

  reserve(length: number): Float32Array {
    return new Float32Array(this.buffer, this.#arena.allocate(4 * length).offset, length);
  }

  allocateDoubles(length: number): Float64Array {
    const { offset, dirty } = this.#arena.allocate(8 * length);
    const array = new Float64Array(this.buffer, offset, length);
    if (dirty > 0) array.fill(0, 0, dirty / 8);
    return array;
  }

  free(...arrays: readonly (Float32Array | Float64Array)[]): void {
    for (const array of arrays) this.#arena.free(this.#address(array));
  }

  multiply(o: Parameters<Kernels['multiply']>[0]): void {
    const [a, b, c] = [this.#address(o.a), this.#address(o.b), this.#address(o.c)];
    const { m, n, k, alpha = 1, beta = 0 } = o;
    // Whoever works alone packs what he needs once.
    const cut = this.team === undefined ? undefined : productCut(m, n, k, o.transposeB === true);
    if (cut === undefined) this.exports.multiply(a, b, c, m, n, k, flagsOf(o), alpha, beta, 0, m, 0, n);
    else {
      const task = cut.along === 'rows' ? tasks.multiplyRows : tasks.multiplyColumns;
      this.#run(task, cut.parts, a, b, c, m, n, k, flagsOf(o), alpha, beta, cut.step, cut.block);
    }
  }

  multiplyDoubles(o: Parameters<Kernels['multiplyDoubles']>[0]): void {
    const [a, b, c] = [this.#address(o.a), this.#address(o.b), this.#address(o.c)];
    this.exports.multiplyDoubles(a, b, c, o.m, o.n, o.k, flagsOf(o), o.alpha ?? 1, o.beta ?? 0);
  }

  gram(x: Float32Array, rows: number, columns: number, out: Float64Array, precision?: 'single' | 'double'): void {
    const { exports } = this;
    const [from, to, singles] = [this.#address(x), this.#address(out), precision === 'single' ? 1 : 0];
    const { along, step, parts } = gramCut(rows, columns);
    if (along === 'rows') {
      this.#run(tasks.gramByRows, parts, from, rows, columns, to, singles, step, 0);
      return;
    }
    const square = rows * rows;
    const spare = parts === 1 ? 0 : this.#arena.allocate(8 * square).offset;
    this.#both(square * columns > GRAM_WORK, tasks.gramByColumns, parts, from, rows, columns, to, singles, step, spare);
    if (parts === 1) return;
    exports.addDoubles(to, spare, square);
    this.#arena.free(spare);
  }

  cholesky(a: Float64Array, n: number, least: number): number {
    return this.exports.cholesky(this.#address(a), n, least);
  }

  invertLower(l: Float64Array, n: number, out: Float64Array): void {
    this.exports.invertLower(this.#address(l), n, this.#address(out));
  }

  seed(seed: number, stream: number): void {
    seedStream(this.#stream, seed, stream);
    this.#blocks = 0;
  }

  normal(out: Float32Array, mean: number, std: number): void {
    this.#fill(tasks.normal, out, mean, std);
  }

  uniform(out: Float32Array, low: number, high: number): void {
    this.#fill(tasks.uniform, out, low, high);
  }

  activate(...given: Parameters<Kernels['activate']>): boolean {
    const [name, x, y, slope, constants] = given;
    const code = activationCode(name, constants);
    if (code === undefined) return activateEach(name, x, y, slope, constants);
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = code.constants;
    const slopes = slope === undefined ? 0 : this.#address(slope);
    const [from, to, count] = [this.#address(x), this.#address(y), x.length];
    const { step, parts } = this.#walk(count, 'much');
    this.#run(tasks.activate, parts, code.kind, from, to, slopes, count, step, c0, c1, c2, c3);
    return true;
  }

  addScaled(out: Float32Array, x: Float32Array, alpha: number): void {
    const { step, parts } = this.#walk(out.length);
    this.#run(tasks.addScaled, parts, this.#address(out), this.#address(x), out.length, step, alpha);
  }

  scale(x: Float32Array, factor: number): void {
    const { step, parts } = this.#walk(x.length);
    this.#run(tasks.scale, parts, this.#address(x), x.length, step, factor);
  }

  multiplyElements(a: Float32Array, b: Float32Array, out: Float32Array): void {
    const { step, parts } = this.#walk(out.length);
    const [left, right, to] = [this.#address(a), this.#address(b), this.#address(out)];
    this.#run(tasks.multiplyElements, parts, left, right, to, out.length, step);
  }

  multiplyByQuadratic(
    g: Float32Array,
    y: Float32Array,
    out: Float32Array,
    coefficients: readonly [number, number, number],
  ): void {
    const { step, parts } = this.#walk(out.length);
    const [from, values, to] = [this.#address(g), this.#address(y), this.#address(out)];
    this.#run(tasks.multiplyByQuadratic, parts, from, values, to, out.length, step, ...coefficients);
  }

  sums(x: Float32Array): { readonly sum: number; readonly squares: number } {
    const count = x.length;
    const step = sumStep(count);
    // Nothing has a sum as well.
    const pairs = Math.max(1, Math.ceil(count / step));
    const share = this.#walk(count).parts > 1;
    this.#both(share, tasks.sums, Math.min(2, pairs), this.#address(x), count, step, this.#sums.byteOffset);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < pairs && count > 0; i++) {
      sum += this.#sums[2 * i]!;
      squares += this.#sums[2 * i + 1]!;
    }
    return { sum, squares };
  }

  #fill(task: typeof tasks.normal, out: Float32Array, a: number, b: number): void {
    const count = out.length;
    const { step, parts } = this.#walk(count, 'much');
    this.#run(task, parts, this.#address(out), count, a, b, this.#stream.byteOffset, this.#blocks, step);
    this.#blocks += Math.ceil(count / BLOCK);
  }

  /** Whoever works alone walks in one go. */
  #walk(count: number, effort: Effort = 'little'): Cut {
    return this.team === undefined ? WHOLE : walkCut(count, effort);
  }

  #run<Args extends readonly number[]>(task: tasks.Task<Args>, parts: number, ...args: Args): void {
    this.#both(true, task, parts, ...args);
  }

  /** For work that is cut in two also where it is too little to be shared. */
  #both<Args extends readonly number[]>(share: boolean, task: tasks.Task<Args>, parts: number, ...args: Args): void {
    if (share && parts > 1 && this.team !== undefined) this.team.run(task, parts, ...args);
    else for (let part = 0; part < parts; part++) task(this.exports, part, ...args);
  }

  #address(array: Float32Array | Float64Array): Address {
    if (array.buffer !== this.buffer) throw new Error('not an array of these kernels');
    return array.byteOffset;
  }
}

function flagsOf(o: { transposeA?: boolean; transposeB?: boolean; triangular?: boolean }): number {
  return (o.transposeA ? 1 : 0) | (o.transposeB ? 2 : 0) | (o.triangular ? 4 : 0);
}
