/** Grey images with their classes, as MNIST's files hold them. */
export interface LabelledImages {
  readonly rows: number;
  readonly columns: number;
  /** Image by image, row by row; 0 … 255. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

const UNSIGNED_BYTES = 0x08;
/** Rows or columns: MNIST has 28. Each pixel is an input of a network. */
const MOST_PIXELS = 64;

interface IdxArray {
  readonly sizes: readonly number[];
  readonly bytes: Uint8Array;
}

/**
 * Reads a pair of idx files (images and labels) as http://yann.lecun.com/exdb/mnist/ describes them: two zero bytes, the
 * type, the number of axes, their sizes as big-endian 32-bit integers, the entries. Throws with a word for the user.
 */
export function readIdx(images: Uint8Array, labels: Uint8Array): LabelledImages {
  const pixels = parse(images, 3, 'images');
  const classes = parse(labels, 1, 'labels');
  const [count = 0, rows = 0, columns = 0] = pixels.sizes;
  if (classes.sizes[0] !== count)
    throw new Error(`there are ${String(count)} images, but ${String(classes.sizes[0])} labels`);
  if (count === 0 || rows * columns === 0) throw new Error('the file of images is empty');
  if (Math.max(rows, columns) > MOST_PIXELS)
    throw new Error(
      `its images have ${String(rows)} × ${String(columns)} pixels; up to ${String(MOST_PIXELS)} × ${String(MOST_PIXELS)} can be taken`,
    );
  if (classes.bytes.some((label) => label > 9)) throw new Error('labels go from 0 to 9; these don’t');
  return { rows, columns, pixels: pixels.bytes, labels: classes.bytes };
}

function parse(file: Uint8Array, axes: number, what: string): IdxArray {
  if (file[0] === 0x1f && file[1] === 0x8b) throw new Error(`the file of ${what} is compressed: unpack it with gunzip`);
  if (file.length < 4 || file[0] !== 0 || file[1] !== 0 || file[2] !== UNSIGNED_BYTES)
    throw new Error(`the file of ${what} is not an idx file of bytes`);
  if (file[3] !== axes)
    throw new Error(`the file of ${what} has ${String(file[3])} axes; ${String(axes)} were expected`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 4 + 4 * axes;
  if (file.length < start) throw new Error(`the file of ${what} ends in its header`);
  const sizes = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const length = sizes.reduce((a, b) => a * b, 1);
  if (file.length < start + length) throw new Error(`the file of ${what} is shorter than it says`);
  return { sizes, bytes: file.subarray(start, start + length) };
}
