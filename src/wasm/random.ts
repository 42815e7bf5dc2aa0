import { multiplyAdd, scratch } from './common';
import { logarithm } from './elementary';

/** Numbers that are drawn before generators are seeded anew, so that each block can be filled by itself: kernels/cuts.ts. */
const BLOCK: i32 = 2048;

// Numbers that the loops need come from memory: V8 builds vector constants anew in every turn.
/** 2^-31, π/4·2^-31, coefficients of sine and cosine on ±π/4 (Cephes sinf, cosf), 2^-24, …, and the integer 1 as a float's bits. */
const NUMBERS = memory.data<f32>([
  4.656612873077393e-10, 3.657291765528405e-10, -1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4, 4.166664568298827e-2,
  -1.388731625493765e-3, 2.443315711809948e-5, 5.9604644775390625e-8, 1, -0.5, -2, 1.401298464324817e-45,
]);

// @ts-expect-error: decorator
@inline
function number(i: usize): v128 {
  return v128.load32_splat(NUMBERS + (i << 2));
}

/** State of four xoshiro128++ generators side by side (Blackman & Vigna 2021): four vectors, then room for the last numbers of a run. */
// @ts-expect-error: decorator
@inline
function stateAddress(): usize {
  return scratch();
}

/** Murmur3's finalizer on each of four words. */
// @ts-expect-error: decorator
@inline
function mix(x: v128): v128 {
  let h = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x85ebca6b));
  h = i32x4.mul(v128.xor(h, i32x4.shr_u(h, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/** Generators for one block of the stream whose sixteen words stand at `stream`. */
function begin(stream: usize, block: i32): void {
  const state = stateAddress();
  let counter = i32x4.add(i32x4.splat(block), i32x4.mul(i32x4(1, 2, 3, 4), i32x4.splat(0x9e3779b9)));
  const step = i32x4.splat(4 * 0x9e3779b9);
  for (let w: usize = 0; w < 64; w += 16) {
    v128.store(state + w, mix(v128.xor(v128.load(stream + w), mix(counter))));
    counter = i32x4.add(counter, step);
  }
}

// @ts-expect-error: decorator
@inline
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** Raw draws of the four generators, 16 bytes each. */
function draw(out: usize, vectors: i32): void {
  const state = stateAddress();
  let s0 = v128.load(state);
  let s1 = v128.load(state, 16);
  let s2 = v128.load(state, 32);
  let s3 = v128.load(state, 48);
  for (let i = 0; i < vectors; i++) {
    v128.store(out, i32x4.add(rotate(i32x4.add(s0, s3), 7), s0));
    const t = i32x4.shl(s1, 9);
    s2 = v128.xor(s2, s0);
    s3 = v128.xor(s3, s1);
    s1 = v128.xor(s1, s2);
    s0 = v128.xor(s0, s3);
    s2 = v128.xor(s2, t);
    s3 = rotate(s3, 11);
    out += 16;
  }
  v128.store(state, s0);
  v128.store(state, s1, 16);
  v128.store(state, s2, 32);
  v128.store(state, s3, 48);
}

/**
 * Turns pairs of raw draws into N(mean, std²) by Box–Muller, in place. The upper bits of the first give the radius, its
 * lowest two the quadrant; the second the angle in ±π/4.
 */
function boxMuller(out: usize, pairs: i32, mean: f32, std: f32): void {
  const centre = f32x4.splat(mean);
  const spread = f32x4.splat(std);
  for (let i = 0; i < pairs; i++) {
    const first = v128.load(out);
    // Halved and made odd: positive as a signed integer, and never zero.
    const u = f32x4.mul(f32x4.convert_i32x4_s(v128.or(i32x4.shr_u(first, 1), number(12))), number(0));
    const radius = f32x4.mul(f32x4.sqrt(f32x4.mul(logarithm(u), number(11))), spread);
    const angle = f32x4.mul(f32x4.convert_i32x4_s(v128.load(out, 16)), number(1));
    const square = f32x4.mul(angle, angle);
    let sine = multiplyAdd(number(4), square, number(3));
    sine = multiplyAdd(sine, square, number(2));
    sine = multiplyAdd(f32x4.mul(sine, square), angle, angle);
    let cosine = multiplyAdd(number(7), square, number(6));
    cosine = multiplyAdd(cosine, square, number(5));
    cosine = multiplyAdd(cosine, square, number(10));
    cosine = multiplyAdd(cosine, square, number(9));
    const swap = i32x4.shr_s(i32x4.shl(first, 30), 31);
    const exchange = v128.and(v128.xor(sine, cosine), swap);
    const signed = v128.xor(radius, i32x4.shl(first, 31));
    v128.store(out, multiplyAdd(signed, v128.xor(cosine, exchange), centre));
    v128.store(out, multiplyAdd(signed, v128.xor(sine, exchange), centre), 16);
    out += 32;
  }
}

/** Pairs of vectors that are drawn before they are turned: small enough for the first cache, and loops short enough for the registers. */
const CHUNK: i32 = 64;

/** Numbers of one block: N(mean, std²), eight at a time. `count` may end anywhere. */
function normalBlock(out: usize, count: i32, mean: f32, std: f32): void {
  for (let left = count >> 3; left > 0; left -= CHUNK) {
    const pairs = min(CHUNK, left);
    draw(out, pairs << 1);
    boxMuller(out, pairs, mean, std);
    out += (<usize>pairs) << 5;
  }
  const rest = count & 7;
  if (rest == 0) return;
  const spare = stateAddress() + 64;
  draw(spare, 2);
  boxMuller(spare, 1, mean, std);
  memory.copy(out, spare, (<usize>rest) << 2);
}

/** Fills with N(mean, std²), from the given block of a stream on. */
export function normal(out: usize, count: i32, mean: f32, std: f32, stream: usize, block: i32): void {
  for (let left = count; left > 0; left -= BLOCK) {
    begin(stream, block++);
    normalBlock(out, min(BLOCK, left), mean, std);
    out += (<usize>BLOCK) << 2;
  }
}

/** Turns raw draws into uniforms on [low, high) by their upper 24 bits, in place. */
function spreadOut(out: usize, vectors: i32, low: f32, high: f32): void {
  const bottom = f32x4.splat(low);
  const top = f32x4.splat(high);
  const width = f32x4.splat(high - low);
  for (let i = 0; i < vectors; i++) {
    const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(v128.load(out), 8)), number(8));
    const x = f32x4.add(f32x4.mul(u, width), bottom);
    // Rounding can reach the upper end.
    v128.store(out, v128.bitselect(x, bottom, f32x4.lt(x, top)));
    out += 16;
  }
}

/** Numbers of one block: uniforms on [low, high). */
function uniformBlock(out: usize, count: i32, low: f32, high: f32): void {
  for (let left = count >> 2; left > 0; left -= CHUNK) {
    const vectors = min(CHUNK, left);
    draw(out, vectors);
    spreadOut(out, vectors, low, high);
    out += (<usize>vectors) << 4;
  }
  const rest = count & 3;
  if (rest == 0) return;
  const spare = stateAddress() + 64;
  draw(spare, 1);
  spreadOut(spare, 1, low, high);
  memory.copy(out, spare, (<usize>rest) << 2);
}

/** Fills with uniforms on [low, high), from the given block of a stream on. */
export function uniform(out: usize, count: i32, low: f32, high: f32, stream: usize, block: i32): void {
  for (let left = count; left > 0; left -= BLOCK) {
    begin(stream, block++);
    uniformBlock(out, min(BLOCK, left), low, high);
    out += (<usize>BLOCK) << 2;
  }
}
