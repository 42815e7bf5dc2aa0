import { draw, GENERATORS, normalBlock, seedStream, STATE_WORDS } from '../propagation/kernels/random.js';

/** One stream of random numbers: equal seeds and streams give equal numbers on every machine. */
export class Random {
  private readonly state = new Int32Array(STATE_WORDS);
  private turn = 0;

  constructor(seed: number, stream = 0) {
    seedStream(this.state, seed, stream);
  }

  /** Uniform on [low, high). */
  uniform(low = 0, high = 1): number {
    this.turn = (this.turn + 1) % GENERATORS;
    return low + (high - low) * (draw(this.state, this.turn) >>> 8) * 2 ** -24;
  }

  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.min(n - 1, Math.floor(this.uniform(0, n)));
  }

  /** `length` draws of N(0, std²). */
  normals(length: number, std = 1): Float32Array {
    const out = new Float32Array(length);
    normalBlock(this.state, out, 0, std);
    return out;
  }

  /** The numbers 0 … n−1 in random order (Fisher–Yates). */
  order(n: number): Uint32Array {
    const out = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = out[i]!;
      out[i] = out[j]!;
      out[j] = held;
    }
    return out;
  }
}
