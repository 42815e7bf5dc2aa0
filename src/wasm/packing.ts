/** Bytes from one packed row to the next where vectors run along the depth: 256 singles or 128 doubles. */
export const PITCH: usize = 1024;

/** A block of op(A) row by row, `PITCH` bytes from one to the next, zeros up to `width` values and to four rows. */
export function packLines(a: usize, stride: i32, transposed: bool, rows: i32, depth: i32, width: i32, out: usize): void {
  const padded = (rows + 3) & ~3;
  for (let i = 0; i < padded; i++) {
    const to = out + (<usize>i) * PITCH;
    if (i >= rows) memory.fill(to, 0, (<usize>width) << 2);
    else if (!transposed) {
      memory.copy(to, a + ((<usize>(i * stride)) << 2), (<usize>depth) << 2);
      for (let p = depth; p < width; p++) store<f32>(to + ((<usize>p) << 2), 0);
    } else {
      for (let p = 0; p < width; p++)
        store<f32>(to + ((<usize>p) << 2), p < depth ? load<f32>(a + ((<usize>(p * stride + i)) << 2)) : 0);
    }
  }
}
