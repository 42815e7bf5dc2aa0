import { multiplyAdd, scratch, sumsOfFour } from './common';
import { packLines, PITCH } from './packing';

/** Depth, rows and columns of the blocks that are packed, so that what the innermost loop reads stays in the caches. */
const DEPTH: i32 = 256;
const ROWS: i32 = 64;
const COLUMNS: i32 = 64;

/** A block of op(A): groups of four rows, in each one `depth` times four values; rows past the end are zero. */
function packRows(a: usize, stride: i32, transposed: bool, rows: i32, depth: i32, out: usize): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    if (transposed) interleaved(a + ((<usize>i) << 2), (<usize>stride) << 2, depth, out);
    else transposedQuads(a + ((<usize>(i * stride)) << 2), (<usize>stride) << 2, depth, out);
    out += (<usize>depth) << 4;
  }
  for (let p = 0; i < rows && p < depth; p++) {
    for (let r = 0; r < 4; r++) {
      const at = transposed ? p * stride + i + r : (i + r) * stride + p;
      store<f32>(out, i + r < rows ? load<f32>(a + ((<usize>at) << 2)) : 0);
      out += 4;
    }
  }
}

/** Four values of each of `depth` rows, `stride` bytes apart. */
function interleaved(from: usize, stride: usize, depth: i32, out: usize): void {
  for (let p = 0; p < depth; p++) {
    v128.store(out, v128.load(from));
    from += stride;
    out += 16;
  }
}

/** `depth` values of each of four rows, `stride` bytes apart, as `depth` times four. */
function transposedQuads(from: usize, stride: usize, depth: i32, out: usize): void {
  let p = 0;
  for (; p + 4 <= depth; p += 4) {
    const second = from + stride;
    const third = second + stride;
    const a = v128.load(from);
    const b = v128.load(second);
    const c = v128.load(third);
    const d = v128.load(third + stride);
    const lowAB = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const lowCD = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const highAB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const highCD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(lowAB, lowCD, 0, 1, 4, 5));
    v128.store(out, v128.shuffle<f32>(lowAB, lowCD, 2, 3, 6, 7), 16);
    v128.store(out, v128.shuffle<f32>(highAB, highCD, 0, 1, 4, 5), 32);
    v128.store(out, v128.shuffle<f32>(highAB, highCD, 2, 3, 6, 7), 48);
    from += 16;
    out += 64;
  }
  for (; p < depth; p++) {
    for (let r: usize = 0; r < 4; r++) {
      store<f32>(out, load<f32>(from + r * stride));
      out += 4;
    }
    from += 4;
  }
}

/** A block of B (not transposed): groups of eight columns, in each one `depth` times eight values. */
function packColumns(b: usize, stride: i32, depth: i32, columns: i32, out: usize): void {
  const panel = (<usize>depth) << 5;
  for (let p = 0; p < depth; p++) {
    let from = b + ((<usize>(p * stride)) << 2);
    let to = out + ((<usize>p) << 5);
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      from += 32;
      to += panel;
    }
    if (j < columns) {
      for (let c = 0; c < 8; c++) {
        store<f32>(to + ((<usize>c) << 2), j + c < columns ? load<f32>(from + ((<usize>c) << 2)) : 0);
      }
    }
  }
}

// @ts-expect-error: decorator
@inline
function put(c: usize, left: v128, right: v128, alpha: v128): void {
  v128.store(c, f32x4.mul(left, alpha));
  v128.store(c, f32x4.mul(right, alpha), 16);
}

// @ts-expect-error: decorator
@inline
function add(c: usize, left: v128, right: v128, alpha: v128, keep: v128): void {
  v128.store(c, multiplyAdd(v128.load(c), keep, f32x4.mul(left, alpha)));
  v128.store(c, multiplyAdd(v128.load(c, 16), keep, f32x4.mul(right, alpha)), 16);
}

/** C (4×8, `stride` bytes from row to row) = keep·C + alpha·A·B of packed operands. */
function outerTile(a: usize, b: usize, depth: i32, c: usize, stride: usize, alpha: f32, keep: f32): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + ((<usize>depth) << 4);
  // V8 computes the sums of a turn from the last to the first: written in that order, the loads stand beside their use.
  // In the other one it loads everything first, and two steps a turn measured a quarter slower than one.
  const pairs = a + ((<usize>(depth & ~1)) << 4);
  while (a < pairs) {
    const leftNext = v128.load(b, 32);
    const rightNext = v128.load(b, 48);
    let x = v128.load32_splat(a, 28);
    c31 = multiplyAdd(x, rightNext, c31);
    c30 = multiplyAdd(x, leftNext, c30);
    x = v128.load32_splat(a, 24);
    c21 = multiplyAdd(x, rightNext, c21);
    c20 = multiplyAdd(x, leftNext, c20);
    x = v128.load32_splat(a, 20);
    c11 = multiplyAdd(x, rightNext, c11);
    c10 = multiplyAdd(x, leftNext, c10);
    x = v128.load32_splat(a, 16);
    c01 = multiplyAdd(x, rightNext, c01);
    c00 = multiplyAdd(x, leftNext, c00);
    const left = v128.load(b);
    const right = v128.load(b, 16);
    x = v128.load32_splat(a, 12);
    c31 = multiplyAdd(x, right, c31);
    c30 = multiplyAdd(x, left, c30);
    x = v128.load32_splat(a, 8);
    c21 = multiplyAdd(x, right, c21);
    c20 = multiplyAdd(x, left, c20);
    x = v128.load32_splat(a, 4);
    c11 = multiplyAdd(x, right, c11);
    c10 = multiplyAdd(x, left, c10);
    x = v128.load32_splat(a);
    c01 = multiplyAdd(x, right, c01);
    c00 = multiplyAdd(x, left, c00);
    a += 32;
    b += 64;
  }
  if (a < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load32_splat(a, 12);
    c31 = multiplyAdd(x, right, c31);
    c30 = multiplyAdd(x, left, c30);
    x = v128.load32_splat(a, 8);
    c21 = multiplyAdd(x, right, c21);
    c20 = multiplyAdd(x, left, c20);
    x = v128.load32_splat(a, 4);
    c11 = multiplyAdd(x, right, c11);
    c10 = multiplyAdd(x, left, c10);
    x = v128.load32_splat(a);
    c01 = multiplyAdd(x, right, c01);
    c00 = multiplyAdd(x, left, c00);
  }
  const factor = f32x4.splat(alpha);
  const second = c + stride;
  const third = second + stride;
  const fourth = third + stride;
  if (keep == 0) {
    put(c, c00, c01, factor);
    put(second, c10, c11, factor);
    put(third, c20, c21, factor);
    put(fourth, c30, c31, factor);
  } else {
    const kept = f32x4.splat(keep);
    add(c, c00, c01, factor, kept);
    add(second, c10, c11, factor, kept);
    add(third, c20, c21, factor, kept);
    add(fourth, c30, c31, factor, kept);
  }
}

/** A tile at C's edge: computed whole beside it, then copied as far as C goes. */
function edge(tile: usize, width: i32, c: usize, stride: usize, rows: i32, columns: i32, keep: f32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = c + (<usize>i) * stride + ((<usize>j) << 2);
      const value = load<f32>(tile + ((<usize>(i * width + j)) << 2));
      store<f32>(at, keep == 0 ? value : load<f32>(at) * keep + value);
    }
  }
}

/** Vectors run along C's rows: for B not transposed. With `triangular`, op(A) has zeros above its diagonal. */
function outer(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  transposeA: bool,
  triangular: bool,
  alpha: f32,
  beta: f32,
  row: i32,
  rowEnd: i32,
  column: i32,
  columnEnd: i32,
): void {
  const packedA = scratch();
  const packedB = packedA + ROWS * DEPTH * 4;
  const tile = packedB + COLUMNS * DEPTH * 4;
  const stride = (<usize>n) << 2;
  const strideA = transposeA ? m : k;
  for (let p = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    const keep: f32 = p == 0 ? beta : 1;
    for (let i = row; i < rowEnd; i += ROWS) {
      const rows = min(ROWS, rowEnd - i);
      if (triangular && p >= i + rows) continue;
      packRows(
        a + ((<usize>(transposeA ? p * strideA + i : i * strideA + p)) << 2),
        strideA,
        transposeA,
        rows,
        depth,
        packedA,
      );
      for (let j = column; j < columnEnd; j += COLUMNS) {
        const columns = min(COLUMNS, columnEnd - j);
        packColumns(b + ((<usize>(p * n + j)) << 2), n, depth, columns, packedB);
        for (let r = 0; r < rows; r += 4) {
          const limit = triangular ? min(depth, i + r + 4 - p) : depth;
          if (limit <= 0) continue;
          const fromA = packedA + ((<usize>(r * depth)) << 2);
          let at = c + ((<usize>((i + r) * n + j)) << 2);
          for (let s = 0; s < columns; s += 8) {
            const fromB = packedB + ((<usize>(s * depth)) << 2);
            if (r + 4 <= rows && s + 8 <= columns) outerTile(fromA, fromB, limit, at, stride, alpha, keep);
            else {
              outerTile(fromA, fromB, limit, tile, 32, alpha, 0);
              edge(tile, 8, at, stride, min(4, rows - r), min(8, columns - s), keep);
            }
            at += 32;
          }
        }
      }
    }
  }
}

/** Dot products of four packed rows of A with two rows of B, `depth` values each (a multiple of four): out is 2×4. */
function innerTile(a: usize, b0: usize, b1: usize, depth: i32, out: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const end = a + ((<usize>depth) << 2);
  while (a < end) {
    const left = v128.load(b0);
    const right = v128.load(b1);
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
    b0 += 16;
    b1 += 16;
  }
  v128.store(out, sumsOfFour(c00, c10, c20, c30));
  v128.store(out, sumsOfFour(c01, c11, c21, c31), 16);
}

const LINES: i32 = 16;

/** Columns `first` to `end` of C for B transposed, whose rows are read as they stand: vectors run along the depth. */
function innerPanel(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  row: i32,
  rowEnd: i32,
  first: i32,
  end: i32,
  transposeA: bool,
  alpha: f32,
  beta: f32,
): void {
  const packed = scratch();
  const tile = packed + LINES * DEPTH * 4;
  const last = tile + 32;
  const strideA = transposeA ? m : k;
  for (let p = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    const width = (depth + 3) & ~3;
    const keep: f32 = p == 0 ? beta : 1;
    for (let i = row; i < rowEnd; i += LINES) {
      const rows = min(LINES, rowEnd - i);
      packLines(
        a + ((<usize>(transposeA ? p * strideA + i : i * strideA + p)) << 2),
        strideA,
        transposeA,
        rows,
        depth,
        width,
        packed,
      );
      for (let j = first; j < end; j += 2) {
        const columns = min(2, end - j);
        let b0 = b + ((<usize>(j * k + p)) << 2);
        let b1 = columns == 2 ? b0 + ((<usize>k) << 2) : b0;
        if (width != depth) {
          // The last vector of a row would reach into the next one.
          memory.copy(last, b0, (<usize>depth) << 2);
          memory.copy(last + DEPTH * 4, b1, (<usize>depth) << 2);
          for (let q = depth; q < width; q++) {
            store<f32>(last + ((<usize>q) << 2), 0);
            store<f32>(last + DEPTH * 4 + ((<usize>q) << 2), 0);
          }
          b0 = last;
          b1 = last + DEPTH * 4;
        }
        for (let r = 0; r < rows; r += 4) {
          innerTile(packed + (<usize>r) * PITCH, b0, b1, width, tile);
          const live = min(4, rows - r);
          for (let s = 0; s < columns; s++) {
            for (let q = 0; q < live; q++) {
              const at = c + ((<usize>((i + r + q) * n + j + s)) << 2);
              const value = load<f32>(tile + ((<usize>(s * 4 + q)) << 2)) * alpha;
              store<f32>(at, keep == 0 ? value : load<f32>(at) * keep + value);
            }
          }
        }
      }
    }
  }
}

/** Columns of C that are summed up together while they stay in the caches. */
const PANEL: i32 = 256;

/**
 * For B transposed. A call a panel also lets V8 exchange its first, slow code while a large product runs: it does so
 * only when a function is entered (two callers keep the compiler from merging it into this one).
 */
function inner(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  transposeA: bool,
  alpha: f32,
  beta: f32,
  row: i32,
  rowEnd: i32,
  column: i32,
  columnEnd: i32,
): void {
  let j = column;
  for (; j + PANEL <= columnEnd; j += PANEL)
    innerPanel(a, b, c, m, n, k, row, rowEnd, j, j + PANEL, transposeA, alpha, beta);
  if (j < columnEnd) innerPanel(a, b, c, m, n, k, row, rowEnd, j, columnEnd, transposeA, alpha, beta);
}

/**
 * The given rows and columns of C = alpha·op(A)·op(B) + beta·C; flags: 1 transposes A, 2 transposes B, 4 says that op(A)
 * is lower triangular. Entries are the same to the last bit wherever ranges begin at multiples of 16 rows and 8 columns.
 */
export function multiply(
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  flags: i32,
  alpha: f32,
  beta: f32,
  row: i32,
  rowEnd: i32,
  column: i32,
  columnEnd: i32,
): void {
  const transposeA = (flags & 1) != 0;
  if (k == 0) {
    // Nothing to add: what is left is beta·C.
    for (let i = row; i < rowEnd; i++) {
      for (let j = column; j < columnEnd; j++) {
        const at = c + ((<usize>(i * n + j)) << 2);
        store<f32>(at, beta == 0 ? 0 : load<f32>(at) * beta);
      }
    }
    return;
  }
  if (flags & 2) inner(a, b, c, m, n, k, transposeA, alpha, beta, row, rowEnd, column, columnEnd);
  else outer(a, b, c, m, n, k, transposeA, (flags & 4) != 0, alpha, beta, row, rowEnd, column, columnEnd);
}
