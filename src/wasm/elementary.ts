import { multiplyAdd } from './common';

/** Elementary functions on four floats, good to about two units in the last place. */

// exp and log: Cephes expf, logf (S. L. Moshier). tanh: rational minimax of Eigen's ptanh. erf: Eigen's perf.
const NUMBERS = memory.data<f32>([
  // 0: exp: log2(e), ln 2 in two parts, coefficients, limits
  1.44269504088896341, 0.693359375, -2.12194440e-4, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2,
  1.6666665459e-1, 5.0000001201e-1, 1, 88.3762626647949, -87.3365478515625,
  // 12: log: coefficients, √½
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1, 0.707106781186547524,
  // 22: tanh: limit, numerator from x^13 to x, denominator from x^6 to 1
  7.90531110763549805, -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3, 1.19825839466702e-6, 1.18534705686654e-4,
  2.26843463243900e-3, 4.89352518554385e-3,
  // 34: erf: limit, numerator from x^13 to x, denominator from x^8 to 1
  3.832506856900711, -2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5,
  -7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2, -1.45660718464996e-5, -2.13374055278905e-4,
  -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2,
  // 47: 2
  2, 0.5, -0.5,
  // 50: sin, cos: 2/π, π/2 in three parts, coefficients
  0.636619772367581, 1.5703125, 4.837512969970703125e-4, 7.54978995489188216e-8, -1.9515295891e-4, 8.3321608736e-3,
  -1.6666654611e-1, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2,
]);

/** 0: √½ as bits, the bits of a significand, the bias of an exponent, infinity, the sign's bit. */
const BITS = memory.data<i32>([0x3f3504f3, 0x007fffff, 127, 0x7f800000, 0x80000000]);

// @ts-expect-error: decorator
@inline
function bits(i: usize): v128 {
  return v128.load32_splat(BITS + (i << 2));
}

// @ts-expect-error: decorator
@inline
function number(i: usize): v128 {
  return v128.load32_splat(NUMBERS + (i << 2));
}

// @ts-expect-error: decorator
@inline
export function one(): v128 {
  return number(9);
}

// @ts-expect-error: decorator
@inline
export function half(): v128 {
  return number(48);
}

// @ts-expect-error: decorator
@inline
export function two(): v128 {
  return number(47);
}

/** e^x; 0 below the smallest normal float, infinity above the largest. */
// @ts-expect-error: decorator
@inline
export function exponential(x: v128): v128 {
  const inside = f32x4.pmax(f32x4.pmin(x, number(10)), number(11));
  const n = f32x4.nearest(f32x4.mul(inside, number(0)));
  let r = f32x4.sub(inside, f32x4.mul(n, number(1)));
  r = f32x4.sub(r, f32x4.mul(n, number(2)));
  let y = multiplyAdd(number(3), r, number(4));
  y = multiplyAdd(y, r, number(5));
  y = multiplyAdd(y, r, number(6));
  y = multiplyAdd(y, r, number(7));
  y = multiplyAdd(y, r, number(8));
  y = multiplyAdd(f32x4.mul(y, r), r, f32x4.add(r, number(9)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), bits(2)), 23);
  const value = f32x4.mul(y, power);
  return v128.bitselect(
    bits(3),
    v128.andnot(value, f32x4.lt(x, number(11))),
    f32x4.gt(x, number(10)),
  );
}

/** ln x for positive normal x. */
// @ts-expect-error: decorator
@inline
export function logarithm(x: v128): v128 {
  // x = m·2^e with m in [√½, √2).
  const above = i32x4.sub(x, bits(0));
  const e = f32x4.convert_i32x4_s(i32x4.shr_s(above, 23));
  const m = i32x4.add(v128.and(above, bits(1)), bits(0));
  const f = f32x4.sub(m, number(9));
  const square = f32x4.mul(f, f);
  // Estrin's scheme: Horner's would be one long chain, which is what the time of a normal draw hangs on.
  const fourth = f32x4.mul(square, square);
  const p01 = multiplyAdd(number(19), f, number(20));
  const p23 = multiplyAdd(number(17), f, number(18));
  const p45 = multiplyAdd(number(15), f, number(16));
  const p67 = multiplyAdd(number(13), f, number(14));
  const low = multiplyAdd(p23, square, p01);
  const high = multiplyAdd(multiplyAdd(number(12), square, p67), square, p45);
  let y = f32x4.mul(multiplyAdd(high, fourth, low), f32x4.mul(f, square));
  y = multiplyAdd(e, number(2), y);
  y = multiplyAdd(square, number(49), y);
  return multiplyAdd(e, number(1), f32x4.add(f, y));
}

// @ts-expect-error: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const z = f32x4.pmax(f32x4.pmin(x, number(22)), f32x4.neg(number(22)));
  const square = f32x4.mul(z, z);
  let p = multiplyAdd(number(23), square, number(24));
  p = multiplyAdd(p, square, number(25));
  p = multiplyAdd(p, square, number(26));
  p = multiplyAdd(p, square, number(27));
  p = multiplyAdd(p, square, number(28));
  p = f32x4.mul(multiplyAdd(p, square, number(29)), z);
  let q = multiplyAdd(number(30), square, number(31));
  q = multiplyAdd(q, square, number(32));
  q = multiplyAdd(q, square, number(33));
  return f32x4.div(p, q);
}

// @ts-expect-error: decorator
@inline
export function errorFunction(x: v128): v128 {
  const z = f32x4.pmax(f32x4.pmin(x, number(34)), f32x4.neg(number(34)));
  const square = f32x4.mul(z, z);
  let p = multiplyAdd(number(35), square, number(36));
  p = multiplyAdd(p, square, number(37));
  p = multiplyAdd(p, square, number(38));
  p = multiplyAdd(p, square, number(39));
  p = multiplyAdd(p, square, number(40));
  p = f32x4.mul(multiplyAdd(p, square, number(41)), z);
  let q = multiplyAdd(number(42), square, number(43));
  q = multiplyAdd(q, square, number(44));
  q = multiplyAdd(q, square, number(45));
  q = multiplyAdd(q, square, number(46));
  return f32x4.div(p, q);
}

// @ts-expect-error: decorator
@inline
export function logistic(x: v128): v128 {
  return f32x4.div(number(9), f32x4.add(number(9), exponential(f32x4.neg(x))));
}

/** sin (quarter = 0) or cos (quarter = 1) of x; the reduction holds to |x| of some ten thousand. */
// @ts-expect-error: decorator
@inline
export function sineAt(x: v128, quarter: i32): v128 {
  const n = f32x4.nearest(f32x4.mul(x, number(50)));
  let r = f32x4.sub(x, f32x4.mul(n, number(51)));
  r = f32x4.sub(r, f32x4.mul(n, number(52)));
  r = f32x4.sub(r, f32x4.mul(n, number(53)));
  const quadrant = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(quarter));
  const square = f32x4.mul(r, r);
  let s = multiplyAdd(number(54), square, number(55));
  s = multiplyAdd(s, square, number(56));
  s = multiplyAdd(f32x4.mul(s, square), r, r);
  let c = multiplyAdd(number(57), square, number(58));
  c = multiplyAdd(c, square, number(59));
  c = multiplyAdd(c, square, number(49));
  c = multiplyAdd(c, square, number(9));
  const value = v128.bitselect(c, s, i32x4.shr_s(i32x4.shl(quadrant, 31), 31));
  return v128.xor(value, v128.and(i32x4.shl(quadrant, 30), bits(4)));
}
