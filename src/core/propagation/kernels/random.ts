import { BLOCK } from './cuts.js';

/**
 * The generators behind both kinds of kernels: four xoshiro128++ (Blackman & Vigna 2021) side by side, whose outputs are
 * dealt out in turn. State: sixteen words, word w of generator g at 4·w + g.
 */
export const GENERATORS = 4;
export const STATE_WORDS = 4 * GENERATORS;
const GOLDEN = 0x9e3779b9;

/** Murmur3's finalizer: every bit of x changes every bit of the answer. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Words from which the generators of a stream's blocks are seeded. */
export function seedStream(words: Int32Array, seed: number, stream: number): void {
  const streamHigh = Math.floor(stream / 2 ** 32);
  for (let i = 0; i < STATE_WORDS; i++) {
    const counter = Math.imul(i + 1, GOLDEN);
    words[i] = mix(mix(mix(mix(seed) ^ counter) + Math.imul(stream | 0, 0x632be5ab)) ^ mix(streamHigh + counter));
  }
}

/** Generators of one block of a stream; 512 bits of state make overlapping ones a matter of theory. */
export function beginBlock(state: Int32Array, words: Int32Array, block: number): void {
  for (let i = 0; i < STATE_WORDS; i++) state[i] = mix(words[i]! ^ mix(block + Math.imul(i + 1, GOLDEN)));
}

/** One draw of generator g. */
export function draw(state: Int32Array, g: number): number {
  let s0 = state[g]!;
  let s1 = state[GENERATORS + g]!;
  let s2 = state[2 * GENERATORS + g]!;
  let s3 = state[3 * GENERATORS + g]!;
  const sum = (s0 + s3) | 0;
  const result = (((sum << 7) | (sum >>> 25)) + s0) | 0;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = (s3 << 11) | (s3 >>> 21);
  state[g] = s0;
  state[GENERATORS + g] = s1;
  state[2 * GENERATORS + g] = s2;
  state[3 * GENERATORS + g] = s3;
  return result;
}

/** Box–Muller: the upper bits of the first draw give the radius, its lowest two the quadrant; the second the angle in ±π/4. */
export function normalBlock(state: Int32Array, out: Float32Array, mean: number, std: number): void {
  for (let i = 0; i < out.length; i += 2 * GENERATORS) {
    for (let g = 0; g < GENERATORS; g++) {
      const first = draw(state, g);
      const second = draw(state, g);
      const radius = std * Math.sqrt(-2 * Math.log(Math.fround((first >>> 1) | 1) * 2 ** -31));
      const angle = second * (Math.PI / 4) * 2 ** -31;
      const signed = first & 1 ? -radius : radius;
      const swap = (first & 2) !== 0;
      const x = mean + signed * (swap ? Math.sin(angle) : Math.cos(angle));
      const y = mean + signed * (swap ? Math.cos(angle) : Math.sin(angle));
      if (i + g < out.length) out[i + g] = x;
      if (i + GENERATORS + g < out.length) out[i + GENERATORS + g] = y;
    }
  }
}

/** The upper 24 bits of each draw, on [low, high). */
function uniformBlock(state: Int32Array, out: Float32Array, low: number, high: number): void {
  const bottom = Math.fround(low);
  const top = Math.fround(high);
  const width = Math.fround(top - bottom);
  for (let i = 0; i < out.length; i += GENERATORS) {
    for (let g = 0; g < GENERATORS; g++) {
      const u = (draw(state, g) >>> 8) * 2 ** -24;
      const x = Math.fround(Math.fround(u * width) + bottom);
      if (i + g < out.length) out[i + g] = x < top ? x : bottom;
    }
  }
}

/** A seeded stream, read on and on. Generators are seeded anew for every block, so that each can be filled by itself. */
export class Stream {
  private readonly words = new Int32Array(STATE_WORDS);
  private readonly state = new Int32Array(STATE_WORDS);
  private block = 0;

  constructor(seed = 0, stream = 0) {
    this.seed(seed, stream);
  }

  seed(seed: number, stream: number): void {
    seedStream(this.words, seed, stream);
    this.block = 0;
  }

  normal(out: Float32Array, mean: number, std: number): void {
    this.blocks(out, (part) => {
      normalBlock(this.state, part, mean, std);
    });
  }

  uniform(out: Float32Array, low: number, high: number): void {
    this.blocks(out, (part) => {
      uniformBlock(this.state, part, low, high);
    });
  }

  private blocks(out: Float32Array, fill: (part: Float32Array) => void): void {
    for (let from = 0; from < out.length; from += BLOCK) {
      beginBlock(this.state, this.words, this.block++);
      fill(out.subarray(from, from + BLOCK));
    }
  }
}
