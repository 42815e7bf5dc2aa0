import { multiplyAdd, sumDoubles } from './common';

/** out += alpha·x. */
export function addScaled(out: usize, x: usize, count: i32, alpha: f32): void {
  const factor = f32x4.splat(alpha);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    v128.store(out, multiplyAdd(v128.load(x), factor, v128.load(out)));
    v128.store(out, multiplyAdd(v128.load(x, 16), factor, v128.load(out, 16)), 16);
    out += 32;
    x += 32;
  }
  for (; i < count; i++) {
    store<f32>(out, load<f32>(out) + load<f32>(x) * alpha);
    out += 4;
    x += 4;
  }
}

/** x *= factor. */
export function scale(x: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(x, f32x4.mul(v128.load(x), factors));
    x += 16;
  }
  for (; i < count; i++) {
    store<f32>(x, load<f32>(x) * factor);
    x += 4;
  }
}

/** out = a·b, elementwise. */
export function multiplyElements(a: usize, b: usize, out: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(out, f32x4.mul(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  for (; i < count; i++) {
    store<f32>(out, load<f32>(a) * load<f32>(b));
    a += 4;
    b += 4;
    out += 4;
  }
}

/** out = g·(a + b·y + c·y²), elementwise: the way back through functions whose slope follows from their value. */
export function multiplyByQuadratic(g: usize, y: usize, out: usize, count: i32, a: f32, b: f32, c: f32): void {
  const constant = f32x4.splat(a);
  const linear = f32x4.splat(b);
  const square = f32x4.splat(c);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(y);
    const slope = multiplyAdd(multiplyAdd(square, v, linear), v, constant);
    v128.store(out, f32x4.mul(v128.load(g), slope));
    g += 16;
    y += 16;
    out += 16;
  }
  for (; i < count; i++) {
    const v = load<f32>(y);
    store<f32>(out, load<f32>(g) * ((c * v + b) * v + a));
    g += 4;
    y += 4;
    out += 4;
  }
}

/** Σx and Σx² in doubles, stored at `out`. */
export function sums(x: usize, count: i32, out: usize): void {
  let sumLow = f64x2.splat(0);
  let sumHigh = sumLow;
  let squaresLow = sumLow;
  let squaresHigh = sumLow;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(x);
    const low = f64x2.promote_low_f32x4(v);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    sumLow = f64x2.add(sumLow, low);
    sumHigh = f64x2.add(sumHigh, high);
    squaresLow = f64x2.add(squaresLow, f64x2.mul(low, low));
    squaresHigh = f64x2.add(squaresHigh, f64x2.mul(high, high));
    x += 16;
  }
  let sum = sumDoubles(f64x2.add(sumLow, sumHigh));
  let squares = sumDoubles(f64x2.add(squaresLow, squaresHigh));
  for (; i < count; i++) {
    const v = <f64>load<f32>(x);
    sum += v;
    squares += v * v;
    x += 4;
  }
  store<f64>(out, sum);
  store<f64>(out, squares, 8);
}
