export type Address = number;

/** What src/wasm/index.ts exports. */
export interface Exports {
  scratchStart(): Address;
  scratchBytes(): number;
  setScratch(address: Address): void;
  multiply(
    a: Address,
    b: Address,
    c: Address,
    m: number,
    n: number,
    k: number,
    flags: number,
    alpha: number,
    beta: number,
    row: number,
    rowEnd: number,
    column: number,
    columnEnd: number,
  ): void;
  multiplyDoubles(
    a: Address,
    b: Address,
    c: Address,
    m: number,
    n: number,
    k: number,
    flags: number,
    alpha: number,
    beta: number,
  ): void;
  gram(
    x: Address,
    rows: number,
    columns: number,
    out: Address,
    singles: number,
    row: number,
    rowEnd: number,
    from: number,
    end: number,
    add: number,
  ): void;
  addDoubles(out: Address, x: Address, count: number): void;
  cholesky(a: Address, n: number, least: number): number;
  invertLower(l: Address, n: number, out: Address): void;
  normal(out: Address, count: number, mean: number, std: number, stream: Address, block: number): void;
  uniform(out: Address, count: number, low: number, high: number, stream: Address, block: number): void;
  activate(
    kind: number,
    x: Address,
    y: Address,
    slope: Address,
    count: number,
    c0: number,
    c1: number,
    c2: number,
    c3: number,
  ): void;
  addScaled(out: Address, x: Address, count: number, alpha: number): void;
  scale(x: Address, count: number, factor: number): void;
  multiplyElements(a: Address, b: Address, out: Address, count: number): void;
  multiplyByQuadratic(g: Address, y: Address, out: Address, count: number, a: number, b: number, c: number): void;
  sums(x: Address, count: number, out: Address): void;
}

/** Compiled code, and a memory; hosts pass both on to other threads as they are. */
export type Module = object;
export interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** The part of the WebAssembly interface used here; the core compiles without the types of any host. */
interface WebAssemblyApi {
  readonly Memory: new (size: { initial: number; maximum: number; shared?: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array) => Module;
  readonly Instance: new (module: Module, imports: object) => { readonly exports: object };
  validate(bytes: Uint8Array): boolean;
}

export const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
const PAGE = 65536;
/** WebAssembly addresses have 32 bits; the last page stays out of reach so that ends of arrays are addresses too. */
const MOST_PAGES = 65535;

/** Throws `RangeError` where there is no address space for it. */
export function memoryOf(bytes: number, shared: boolean): Memory {
  if (api === undefined) throw new Error('no WebAssembly');
  const pages = Math.min(MOST_PAGES, Math.ceil(bytes / PAGE));
  return new api.Memory({ initial: pages, maximum: pages, ...(shared && { shared }) });
}

export function instanceOf(module: Module, memory: Memory): Exports {
  if (api === undefined) throw new Error('no WebAssembly');
  return new api.Instance(module, { env: { memory } }).exports as Exports;
}
