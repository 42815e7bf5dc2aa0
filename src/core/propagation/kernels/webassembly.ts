import fused from '../../../wasm/kernels.relaxed.wasm';
import plain from '../../../wasm/kernels.wasm';
import { activationCode } from './activation-codes.js';
import { Arena } from './arena.js';
import { activateEach } from './elementwise.js';
import { seedState, STATE_WORDS } from './random.js';
import type { Kernels } from './types.js';

/** The part of the WebAssembly interface used here; the core compiles without the types of any host. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  validate(bytes: Uint8Array): boolean;
}

type Address = number;

/** What src/wasm/index.ts exports. */
interface Exports {
  heapStart(): Address;
  stateAddress(): Address;
  multiply: Multiply;
  multiplyDoubles: Multiply;
  gram(x: Address, rows: number, columns: number, out: Address, singles: number): void;
  cholesky(a: Address, n: number, least: number): number;
  invertLower(l: Address, n: number, out: Address): void;
  normal(out: Address, count: number, mean: number, std: number): void;
  uniform(out: Address, count: number, low: number, high: number): void;
  activate(
    kind: number,
    x: Address,
    y: Address,
    slope: Address,
    count: number,
    ...constants: [number, number, number, number]
  ): void;
  addScaled(out: Address, x: Address, count: number, alpha: number): void;
  scale(x: Address, count: number, factor: number): void;
  multiplyElements(a: Address, b: Address, out: Address, count: number): void;
  multiplyByQuadratic(
    g: Address,
    y: Address,
    out: Address,
    count: number,
    ...coefficients: readonly [number, number, number]
  ): void;
  sums(x: Address, count: number, out: Address): void;
}

type Multiply = (
  a: Address,
  b: Address,
  c: Address,
  m: number,
  n: number,
  k: number,
  flags: number,
  alpha: number,
  beta: number,
) => void;

const PAGE = 65536;
/** WebAssembly addresses have 32 bits; the last page stays out of reach so that ends of arrays are addresses too. */
const MOST_PAGES = 65535;

const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
const modules = new Map<Uint8Array, object | undefined>();

function moduleOf(bytes: Uint8Array): object | undefined {
  if (!modules.has(bytes)) modules.set(bytes, api?.validate(bytes) ? new api.Module(bytes) : undefined);
  return modules.get(bytes);
}

export interface WebAssemblyOptions {
  /** Bytes that arrays may take together. */
  readonly limit: number;
  /** Use fused multiply-add where the engine has it: faster, but the last bits then differ from machine to machine. */
  readonly fused: boolean;
}

/**
 * Kernels in WebAssembly; undefined where the engine has no SIMD. The memory is as large as the limit from the start, so
 * that arrays never detach; pages that nobody touches cost nothing.
 */
export function webAssemblyKernels(options: WebAssemblyOptions): Kernels | undefined {
  const module = (options.fused ? moduleOf(fused) : undefined) ?? moduleOf(plain);
  if (api === undefined || module === undefined) return undefined;
  // Data, packing areas and rounding take a little more than the arrays themselves.
  const pages = Math.min(MOST_PAGES, Math.ceil(options.limit / PAGE) + 8);
  const memory = new api.Memory({ initial: pages, maximum: pages });
  const exports = new api.Instance(module, { env: { memory } }).exports as Exports;
  return new WebAssemblyKernels(memory.buffer, exports, options.limit);
}

class WebAssemblyKernels implements Kernels {
  readonly kind = 'wasm';
  readonly #arena: Arena;
  readonly #state: Int32Array;
  readonly #pair: Float64Array;

  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly exports: Exports,
    limit: number,
  ) {
    const start = exports.heapStart();
    this.#arena = new Arena(start + 64, Math.min(buffer.byteLength, start + 64 + limit));
    this.#pair = new Float64Array(buffer, start, 2);
    this.#state = new Int32Array(buffer, exports.stateAddress(), STATE_WORDS);
    seedState(this.#state, 0, 0);
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
    this.exports.multiply(a, b, c, o.m, o.n, o.k, flagsOf(o), o.alpha ?? 1, o.beta ?? 0);
  }

  multiplyDoubles(o: Parameters<Kernels['multiplyDoubles']>[0]): void {
    const [a, b, c] = [this.#address(o.a), this.#address(o.b), this.#address(o.c)];
    this.exports.multiplyDoubles(a, b, c, o.m, o.n, o.k, flagsOf(o), o.alpha ?? 1, o.beta ?? 0);
  }

  gram(x: Float32Array, rows: number, columns: number, out: Float64Array, precision?: 'single' | 'double'): void {
    this.exports.gram(this.#address(x), rows, columns, this.#address(out), precision === 'single' ? 1 : 0);
  }

  cholesky(a: Float64Array, n: number, least: number): number {
    return this.exports.cholesky(this.#address(a), n, least);
  }

  invertLower(l: Float64Array, n: number, out: Float64Array): void {
    this.exports.invertLower(this.#address(l), n, this.#address(out));
  }

  seed(seed: number, stream: number): void {
    seedState(this.#state, seed, stream);
  }

  normal(out: Float32Array, mean: number, std: number): void {
    this.exports.normal(this.#address(out), out.length, mean, std);
  }

  uniform(out: Float32Array, low: number, high: number): void {
    this.exports.uniform(this.#address(out), out.length, low, high);
  }

  activate(...given: Parameters<Kernels['activate']>): boolean {
    const [name, x, y, slope, constants] = given;
    const code = activationCode(name, constants);
    if (code === undefined) return activateEach(name, x, y, slope, constants);
    const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = code.constants;
    const slopes = slope === undefined ? 0 : this.#address(slope);
    this.exports.activate(code.kind, this.#address(x), this.#address(y), slopes, x.length, c0, c1, c2, c3);
    return true;
  }

  addScaled(out: Float32Array, x: Float32Array, alpha: number): void {
    this.exports.addScaled(this.#address(out), this.#address(x), out.length, alpha);
  }

  scale(x: Float32Array, factor: number): void {
    this.exports.scale(this.#address(x), x.length, factor);
  }

  multiplyElements(a: Float32Array, b: Float32Array, out: Float32Array): void {
    this.exports.multiplyElements(this.#address(a), this.#address(b), this.#address(out), out.length);
  }

  multiplyByQuadratic(
    g: Float32Array,
    y: Float32Array,
    out: Float32Array,
    coefficients: readonly [number, number, number],
  ): void {
    const { exports } = this;
    exports.multiplyByQuadratic(this.#address(g), this.#address(y), this.#address(out), out.length, ...coefficients);
  }

  sums(x: Float32Array): { readonly sum: number; readonly squares: number } {
    this.exports.sums(this.#address(x), x.length, this.#pair.byteOffset);
    return { sum: this.#pair[0]!, squares: this.#pair[1]! };
  }

  #address(array: Float32Array | Float64Array): Address {
    if (array.buffer !== this.buffer) throw new Error('not an array of these kernels');
    return array.byteOffset;
  }
}

function flagsOf(o: { transposeA?: boolean; transposeB?: boolean; triangular?: boolean }): number {
  return (o.transposeA ? 1 : 0) | (o.transposeB ? 2 : 0) | (o.triangular ? 4 : 0);
}
