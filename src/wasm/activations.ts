import { multiplyAdd, scratch } from './common';
import { errorFunction, exponential, half, hyperbolicTangent, logarithm, logistic, one, sineAt, two } from './elementary';

/** Numbers of the kernels; src/core/propagation/kernels/activate.ts names them. */
const LEAKY: i32 = 0;
const CLAMP: i32 = 1;
const TANH: i32 = 2;
const SIGMOID: i32 = 3;
const SILU: i32 = 4;
const GELU: i32 = 5;
const GELU_TANH: i32 = 6;
const EXPONENTIAL_UNIT: i32 = 7;
const SOFTPLUS: i32 = 8;
const LOG_SIGMOID: i32 = 9;
const MISH: i32 = 10;
const HARDSWISH: i32 = 11;
const SQUARED_RELU: i32 = 12;
const SOFTSIGN: i32 = 13;
const SINE: i32 = 14;
const COSINE: i32 = 15;
const SQUARE: i32 = 16;
const EXP: i32 = 17;
const ERF: i32 = 18;

/** √½, 1/√(2π), √(2/π), 0.044715·√(2/π), 3·0.044715·√(2/π), 3, 1/6, 1/3, 2/√π. */
const CONSTANTS = memory.data<f32>([
  0.7071067811865476, 0.3989422804014327, 0.7978845608028654, 0.035677408136300125, 0.10703222440890037, 3,
  0.16666666666666666, 0.3333333333333333, 1.1283791670955126,
]);

// @ts-expect-error: decorator
@inline
function constant(i: usize): v128 {
  return v128.load32_splat(CONSTANTS + (i << 2));
}

/** One of the up to four constants of the function, which stand at `own`. */
// @ts-expect-error: decorator
@inline
function given(own: usize, i: usize): v128 {
  return v128.load32_splat(own + (i << 2));
}

/** ln(1 + e^{−|x|}) + max(x, 0). */
// @ts-expect-error: decorator
@inline
function softplus(x: v128): v128 {
  const e = exponential(f32x4.neg(f32x4.abs(x)));
  // ln(1 + e) = ln u · e/(u − 1), u being 1 + e as rounded (Kahan), so that small e keep their digits.
  const u = f32x4.add(one(), e);
  const difference = f32x4.sub(u, one());
  const exact = f32x4.eq(difference, f32x4.splat(0));
  const ratio = f32x4.div(e, v128.bitselect(one(), difference, exact));
  const log1p = v128.bitselect(e, f32x4.mul(logarithm(u), ratio), exact);
  return f32x4.add(f32x4.pmax(f32x4.splat(0), x), log1p);
}

// @ts-expect-error: decorator
@inline
function value(kind: i32, x: v128, own: usize): v128 {
  const zero = f32x4.splat(0);
  if (kind == LEAKY) return v128.bitselect(x, f32x4.mul(x, given(own, 0)), f32x4.gt(x, zero));
  if (kind == CLAMP) {
    return f32x4.pmin(f32x4.pmax(multiplyAdd(x, given(own, 2), given(own, 3)), given(own, 0)), given(own, 1));
  }
  if (kind == TANH) return f32x4.mul(given(own, 0), hyperbolicTangent(f32x4.mul(x, given(own, 1))));
  if (kind == SIGMOID) return logistic(x);
  if (kind == SILU) return f32x4.mul(x, logistic(f32x4.mul(given(own, 0), x)));
  if (kind == GELU) {
    const h = f32x4.mul(x, half());
    return multiplyAdd(h, errorFunction(f32x4.mul(x, constant(0))), h);
  }
  if (kind == GELU_TANH) {
    const h = f32x4.mul(x, half());
    const inner = f32x4.mul(x, multiplyAdd(f32x4.mul(x, x), constant(3), constant(2)));
    return multiplyAdd(h, hyperbolicTangent(inner), h);
  }
  if (kind == EXPONENTIAL_UNIT) {
    // e^z − 1 = 2t/(1 − t) with t = tanh(z/2), which keeps the digits of small z.
    const t = hyperbolicTangent(f32x4.mul(f32x4.mul(x, given(own, 2)), half()));
    const e = f32x4.div(f32x4.mul(f32x4.mul(given(own, 1), two()), t), f32x4.sub(one(), t));
    return f32x4.mul(given(own, 0), v128.bitselect(x, e, f32x4.gt(x, zero)));
  }
  if (kind == SOFTPLUS) {
    const scaled = f32x4.mul(x, given(own, 0));
    return v128.bitselect(x, f32x4.mul(softplus(scaled), given(own, 2)), f32x4.gt(scaled, given(own, 1)));
  }
  if (kind == LOG_SIGMOID) return f32x4.neg(softplus(f32x4.neg(x)));
  if (kind == MISH) return f32x4.mul(x, hyperbolicTangent(softplus(x)));
  if (kind == HARDSWISH) {
    const ramp = f32x4.pmin(f32x4.pmax(multiplyAdd(x, constant(6), half()), zero), one());
    return f32x4.mul(x, ramp);
  }
  if (kind == SQUARED_RELU) return f32x4.mul(x, f32x4.pmax(zero, x));
  if (kind == SOFTSIGN) return f32x4.div(x, f32x4.add(one(), f32x4.abs(x)));
  if (kind == SINE) return sineAt(f32x4.mul(x, given(own, 0)), 0);
  if (kind == COSINE) return sineAt(f32x4.mul(x, given(own, 0)), 1);
  if (kind == SQUARE) return f32x4.mul(x, x);
  if (kind == EXP) return exponential(x);
  return errorFunction(x);
}

/** φ′(x), y being φ(x). Where φ has a corner the slope is that of the piece below. */
// @ts-expect-error: decorator
@inline
function slope(kind: i32, x: v128, y: v128, own: usize): v128 {
  const zero = f32x4.splat(0);
  if (kind == LEAKY) return v128.bitselect(one(), given(own, 0), f32x4.gt(x, zero));
  if (kind == CLAMP) {
    const line = multiplyAdd(x, given(own, 2), given(own, 3));
    return v128.and(given(own, 2), v128.and(f32x4.gt(line, given(own, 0)), f32x4.le(line, given(own, 1))));
  }
  if (kind == TANH) {
    return f32x4.sub(given(own, 2), f32x4.mul(given(own, 3), f32x4.mul(y, y)));
  }
  if (kind == SIGMOID) return f32x4.mul(y, f32x4.sub(one(), y));
  if (kind == SILU) {
    const s = logistic(f32x4.mul(given(own, 0), x));
    return multiplyAdd(f32x4.mul(given(own, 0), y), f32x4.sub(one(), s), s);
  }
  if (kind == GELU) {
    const density = f32x4.mul(constant(1), exponential(f32x4.mul(f32x4.neg(half()), f32x4.mul(x, x))));
    const cdf = multiplyAdd(half(), errorFunction(f32x4.mul(x, constant(0))), half());
    return multiplyAdd(x, density, cdf);
  }
  if (kind == GELU_TANH) {
    const square = f32x4.mul(x, x);
    const t = hyperbolicTangent(f32x4.mul(x, multiplyAdd(square, constant(3), constant(2))));
    const rise = multiplyAdd(square, constant(4), constant(2));
    const curve = f32x4.mul(f32x4.mul(f32x4.mul(half(), x), f32x4.sub(one(), f32x4.mul(t, t))), rise);
    return f32x4.add(multiplyAdd(half(), t, half()), curve);
  }
  if (kind == EXPONENTIAL_UNIT) {
    const e = f32x4.mul(f32x4.mul(given(own, 1), given(own, 2)), exponential(f32x4.mul(x, given(own, 2))));
    return f32x4.mul(given(own, 0), v128.bitselect(one(), e, f32x4.gt(x, zero)));
  }
  if (kind == SOFTPLUS) {
    const scaled = f32x4.mul(x, given(own, 0));
    return v128.bitselect(one(), logistic(scaled), f32x4.gt(scaled, given(own, 1)));
  }
  if (kind == LOG_SIGMOID) return logistic(f32x4.neg(x));
  if (kind == MISH) {
    const t = hyperbolicTangent(softplus(x));
    return multiplyAdd(f32x4.mul(x, f32x4.sub(one(), f32x4.mul(t, t))), logistic(x), t);
  }
  if (kind == HARDSWISH) {
    const middle = multiplyAdd(x, constant(7), half());
    const above = f32x4.gt(x, constant(5));
    const below = f32x4.le(x, f32x4.neg(constant(5)));
    return v128.andnot(v128.bitselect(one(), middle, above), below);
  }
  if (kind == SQUARED_RELU) return f32x4.mul(two(), f32x4.pmax(zero, x));
  if (kind == SOFTSIGN) {
    const r = f32x4.add(one(), f32x4.abs(x));
    return f32x4.div(one(), f32x4.mul(r, r));
  }
  if (kind == SINE) return f32x4.mul(given(own, 0), sineAt(f32x4.mul(x, given(own, 0)), 1));
  if (kind == COSINE) return f32x4.neg(f32x4.mul(given(own, 0), sineAt(f32x4.mul(x, given(own, 0)), 0)));
  if (kind == SQUARE) return f32x4.mul(two(), x);
  if (kind == EXP) return y;
  return f32x4.mul(constant(8), exponential(f32x4.neg(f32x4.mul(x, x))));
}

// @ts-expect-error: decorator
@inline
function map(kind: i32, x: usize, y: usize, slopes: usize, vectors: i32, own: usize): void {
  for (let i = 0; i < vectors; i++) {
    const v = v128.load(x);
    const r = value(kind, v, own);
    v128.store(y, r);
    x += 16;
    y += 16;
    if (slopes) {
      v128.store(slopes, slope(kind, v, r, own));
      slopes += 16;
    }
  }
}

function mapKind(kind: i32, x: usize, y: usize, slopes: usize, vectors: i32, own: usize): void {
  switch (kind) {
    case LEAKY:
      map(LEAKY, x, y, slopes, vectors, own);
      break;
    case CLAMP:
      map(CLAMP, x, y, slopes, vectors, own);
      break;
    case TANH:
      map(TANH, x, y, slopes, vectors, own);
      break;
    case SIGMOID:
      map(SIGMOID, x, y, slopes, vectors, own);
      break;
    case SILU:
      map(SILU, x, y, slopes, vectors, own);
      break;
    case GELU:
      map(GELU, x, y, slopes, vectors, own);
      break;
    case GELU_TANH:
      map(GELU_TANH, x, y, slopes, vectors, own);
      break;
    case EXPONENTIAL_UNIT:
      map(EXPONENTIAL_UNIT, x, y, slopes, vectors, own);
      break;
    case SOFTPLUS:
      map(SOFTPLUS, x, y, slopes, vectors, own);
      break;
    case LOG_SIGMOID:
      map(LOG_SIGMOID, x, y, slopes, vectors, own);
      break;
    case MISH:
      map(MISH, x, y, slopes, vectors, own);
      break;
    case HARDSWISH:
      map(HARDSWISH, x, y, slopes, vectors, own);
      break;
    case SQUARED_RELU:
      map(SQUARED_RELU, x, y, slopes, vectors, own);
      break;
    case SOFTSIGN:
      map(SOFTSIGN, x, y, slopes, vectors, own);
      break;
    case SINE:
      map(SINE, x, y, slopes, vectors, own);
      break;
    case COSINE:
      map(COSINE, x, y, slopes, vectors, own);
      break;
    case SQUARE:
      map(SQUARE, x, y, slopes, vectors, own);
      break;
    case EXP:
      map(EXP, x, y, slopes, vectors, own);
      break;
    case ERF:
      map(ERF, x, y, slopes, vectors, own);
      break;
  }
}

/** y = φ(x) and, where `slopes` is not 0, φ′(x). y may be x. */
export function activate(
  kind: i32,
  x: usize,
  y: usize,
  slopes: usize,
  count: i32,
  c0: f32,
  c1: f32,
  c2: f32,
  c3: f32,
): void {
  const own = scratch();
  store<f32>(own, c0);
  store<f32>(own, c1, 4);
  store<f32>(own, c2, 8);
  store<f32>(own, c3, 12);
  mapKind(kind, x, y, slopes, count >> 2, own);
  const rest = (<usize>(count & 3)) << 2;
  if (rest == 0) return;
  const done = (<usize>(count & ~3)) << 2;
  const spare = own + 16;
  memory.copy(spare, x + done, rest);
  mapKind(kind, spare, spare, slopes ? spare + 16 : 0, 1, own);
  memory.copy(y + done, spare, rest);
  if (slopes) memory.copy(slopes + done, spare + 16, rest);
}
