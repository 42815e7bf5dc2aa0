import { multiplyAdd, multiplyAddDoubles, scratch, sumDoubles, sumsOfFour } from './common';
import { packLines, PITCH } from './packing';

/** Rows of one side of a pair of blocks; both sides, widened to doubles, fit the scratch area. */
const LINES: i32 = 64;
const DEPTH: i32 = 128;

/** Rows as doubles, `PITCH` bytes from one to the next, zeros up to `width` of them; whole groups of four rows. */
function widen(x: usize, stride: i32, rows: i32, depth: i32, width: i32, out: usize): void {
  const padded = (rows + 3) & ~3;
  for (let i = 0; i < padded; i++) {
    let to = out + (<usize>i) * PITCH;
    if (i >= rows) {
      memory.fill(to, 0, (<usize>width) << 3);
      continue;
    }
    let from = x + ((<usize>(i * stride)) << 2);
    let p = 0;
    for (; p + 4 <= depth; p += 4) {
      const v = v128.load(from);
      v128.store(to, f64x2.promote_low_f32x4(v));
      v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)), 16);
      from += 16;
      to += 32;
    }
    for (; p < width; p++) {
      store<f64>(to, p < depth ? <f64>load<f32>(from) : 0);
      from += 4;
      to += 8;
    }
  }
}

// @ts-expect-error: decorator
@inline
function addTo(out: usize, value: f64): void {
  store<f64>(out, load<f64>(out) + value);
}

/** out (4×2, `stride` bytes from row to row) += dot products of four rows of a and two of b, `bytes` of each. */
function tileDoubles(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + bytes;
  while (a < end) {
    const left = v128.load(b);
    const right = v128.load(b, PITCH);
    let x = v128.load(a);
    c00 = multiplyAddDoubles(x, left, c00);
    c01 = multiplyAddDoubles(x, right, c01);
    x = v128.load(a, PITCH);
    c10 = multiplyAddDoubles(x, left, c10);
    c11 = multiplyAddDoubles(x, right, c11);
    x = v128.load(a, PITCH * 2);
    c20 = multiplyAddDoubles(x, left, c20);
    c21 = multiplyAddDoubles(x, right, c21);
    x = v128.load(a, PITCH * 3);
    c30 = multiplyAddDoubles(x, left, c30);
    c31 = multiplyAddDoubles(x, right, c31);
    a += 16;
    b += 16;
  }
  addTo(out, sumDoubles(c00));
  addTo(out + 8, sumDoubles(c01));
  out += stride;
  addTo(out, sumDoubles(c10));
  addTo(out + 8, sumDoubles(c11));
  out += stride;
  addTo(out, sumDoubles(c20));
  addTo(out + 8, sumDoubles(c21));
  out += stride;
  addTo(out, sumDoubles(c30));
  addTo(out + 8, sumDoubles(c31));
}

/** The same with products and sums in single precision over one block of the depth, added up in doubles. */
function tileSingles(a: usize, b: usize, bytes: usize, out: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + bytes;
  while (a < end) {
    const left = v128.load(b);
    const right = v128.load(b, PITCH);
    let x = v128.load(a);
    c00 = multiplyAdd(x, left, c00);
    c01 = multiplyAdd(x, right, c01);
    x = v128.load(a, PITCH);
    c10 = multiplyAdd(x, left, c10);
    c11 = multiplyAdd(x, right, c11);
    x = v128.load(a, PITCH * 2);
    c20 = multiplyAdd(x, left, c20);
    c21 = multiplyAdd(x, right, c21);
    x = v128.load(a, PITCH * 3);
    c30 = multiplyAdd(x, left, c30);
    c31 = multiplyAdd(x, right, c31);
    a += 16;
    b += 16;
  }
  const first = sumsOfFour(c00, c10, c20, c30);
  const second = sumsOfFour(c01, c11, c21, c31);
  addTo(out, <f64>f32x4.extract_lane(first, 0));
  addTo(out + 8, <f64>f32x4.extract_lane(second, 0));
  out += stride;
  addTo(out, <f64>f32x4.extract_lane(first, 1));
  addTo(out + 8, <f64>f32x4.extract_lane(second, 1));
  out += stride;
  addTo(out, <f64>f32x4.extract_lane(first, 2));
  addTo(out + 8, <f64>f32x4.extract_lane(second, 2));
  out += stride;
  addTo(out, <f64>f32x4.extract_lane(first, 3));
  addTo(out + 8, <f64>f32x4.extract_lane(second, 3));
}

/**
 * Gram matrix (rows×rows, doubles) of the rows of x, of which the columns `from` to `end` are summed; `singles`
 * multiplies in single precision, about twice as fast. Of the result, the rows `row` (a multiple of 64) to `rowEnd` and
 * what lies across the diagonal from them. With `add`, added to what is there.
 */
export function gram(
  x: usize,
  rows: i32,
  columns: i32,
  out: usize,
  singles: bool,
  row: i32,
  rowEnd: i32,
  from: i32,
  end: i32,
  add: bool,
): void {
  const packedI = scratch();
  const packedJ = packedI + LINES * DEPTH * 8;
  const tile = packedJ + LINES * DEPTH * 8;
  const stride = (<usize>rows) << 3;
  const shift: usize = singles ? 2 : 3;
  const blockDepth = singles ? DEPTH * 2 : DEPTH;
  // Others may be at the rows above and below: nothing right of the own blocks is touched before it is known.
  for (let i = row; i < rowEnd && !add; i++) {
    memory.fill(out + (<usize>i) * stride, 0, (<usize>min((i & ~(LINES - 1)) + LINES, rows)) << 3);
  }
  for (let p = from; p < end; p += blockDepth) {
    const depth = min(blockDepth, end - p);
    // Tiles take 32 bytes of a row at a time.
    const width = singles ? (depth + 7) & ~7 : (depth + 3) & ~3;
    const bytes = (<usize>width) << shift;
    for (let i = row; i < rowEnd; i += LINES) {
      const rowsI = min(LINES, rowEnd - i);
      const fromI = x + ((<usize>(i * columns + p)) << 2);
      if (singles) packLines(fromI, columns, false, rowsI, depth, width, packedI);
      else widen(fromI, columns, rowsI, depth, width, packedI);
      for (let j = 0; j <= i; j += LINES) {
        const rowsJ = min(LINES, rows - j);
        let other = packedI;
        if (j != i) {
          other = packedJ;
          const fromJ = x + ((<usize>(j * columns + p)) << 2);
          if (singles) packLines(fromJ, columns, false, rowsJ, depth, width, packedJ);
          else widen(fromJ, columns, rowsJ, depth, width, packedJ);
        }
        for (let r = 0; r < rowsI; r += 4) {
          const limit = j == i ? min(rowsJ, r + 4) : rowsJ;
          for (let s = 0; s < limit; s += 2) {
            const a = packedI + (<usize>r) * PITCH;
            const b = other + (<usize>s) * PITCH;
            const live = r + 4 <= rowsI && s + 2 <= rowsJ;
            const at = out + (<usize>(i + r)) * stride + ((<usize>(j + s)) << 3);
            if (!live) memory.fill(tile, 0, 64);
            const to = live ? at : tile;
            if (singles) tileSingles(a, b, bytes, to, live ? stride : 16);
            else tileDoubles(a, b, bytes, to, live ? stride : 16);
            if (!live) {
              for (let q = 0; q < min(4, rowsI - r); q++) {
                for (let t = 0; t < min(2, rowsJ - s); t++) {
                  addTo(at + (<usize>q) * stride + ((<usize>t) << 3), load<f64>(tile + ((<usize>(q * 2 + t)) << 3)));
                }
              }
            }
          }
        }
      }
    }
  }
  // Only the lower half is summed (and a little of the upper one, by tiles).
  for (let i = row; i < rowEnd; i++) {
    for (let j = 0; j < i; j++) {
      store<f64>(
        out + (<usize>j) * stride + ((<usize>i) << 3),
        load<f64>(out + (<usize>i) * stride + ((<usize>j) << 3)),
      );
    }
  }
}

/** out += x, `count` doubles. */
export function addDoubles(out: usize, x: usize, count: i32): void {
  let i = 0;
  for (; i + 2 <= count; i += 2) {
    v128.store(out, f64x2.add(v128.load(out), v128.load(x)));
    out += 16;
    x += 16;
  }
  if (i < count) addTo(out, load<f64>(x));
}
