import type { Kernels } from '../kernels/index.js';

/** Small arrays that every layer needs again: kept by name, made larger when needed. What they hold is left over. */
export class Workspace {
  readonly #doubles = new Map<string, Float64Array>();
  readonly #singles = new Map<string, Float32Array>();

  private constructor(private readonly kernels: Kernels) {}

  doubles(name: string, length: number): Float64Array {
    const known = this.#doubles.get(name);
    if (known !== undefined && known.length >= length) return known;
    if (known !== undefined) this.kernels.free(known);
    const made = this.kernels.allocateDoubles(length);
    this.#doubles.set(name, made);
    return made;
  }

  /** The first numbers of `values` in single precision. */
  narrowed(name: string, values: Float64Array, length: number): Float32Array {
    const out = this.singles(name, length);
    for (let i = 0; i < length; i++) out[i] = values[i]!;
    return out;
  }

  zeroed(name: string, length: number): Float64Array {
    return this.doubles(name, length).fill(0, 0, length);
  }

  /** The first numbers of `values` in double precision. */
  widened(name: string, values: Float32Array, length: number): Float64Array {
    const out = this.doubles(name, length);
    for (let i = 0; i < length; i++) out[i] = values[i]!;
    return out;
  }

  singles(name: string, length: number): Float32Array {
    const known = this.#singles.get(name);
    if (known !== undefined && known.length >= length) return known;
    if (known !== undefined) this.kernels.free(known);
    const made = this.kernels.allocate(length);
    this.#singles.set(name, made);
    return made;
  }

  static readonly #all = new WeakMap<Kernels, Workspace>();

  static of(kernels: Kernels): Workspace {
    let known = Workspace.#all.get(kernels);
    if (known === undefined) {
      known = new Workspace(kernels);
      Workspace.#all.set(kernels, known);
    }
    return known;
  }
}
