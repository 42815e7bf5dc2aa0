/** Where the entries of a strided view stand: (i, j, …) at offset + i·strides[0] + j·strides[1] + … */
export interface Layout {
  readonly offset: number;
  readonly strides: readonly number[];
}

export function count(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Row by row, without gaps. */
export function contiguous(shape: readonly number[]): Layout {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return { offset: 0, strides };
}

/** Calls `visit` with the place of each entry of a view, row by row. */
export function eachPlace(shape: readonly number[], layout: Layout, visit: (place: number, i: number) => void): void {
  const total = count(shape);
  const index = new Array<number>(shape.length).fill(0);
  let at = layout.offset;
  for (let i = 0; i < total; i++) {
    visit(at, i);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += layout.strides[axis]!;
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      at -= shape[axis]! * layout.strides[axis]!;
      index[axis] = 0;
    }
  }
}

/** Entries of a view, row by row; `at` tells those of the whole. */
export function gather(at: (place: number) => number, shape: readonly number[], layout: Layout): number[] {
  const out = new Array<number>(count(shape));
  eachPlace(shape, layout, (place, i) => {
    out[i] = at(place);
  });
  return out;
}

/** Where entry `i` of a view, row by row, stands. */
export function placeOf(i: number, shape: readonly number[], { offset, strides }: Layout): number {
  let rest = i;
  let place = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    place += (rest % size) * strides[axis]!;
    rest = Math.floor(rest / size);
  }
  return place;
}

/** The opposite of `placeOf`: which entry of a view stands at a place, if any; null where entries of the view overlap. */
export function indexAt(shape: readonly number[], layout: Layout): ((place: number) => number | undefined) | null {
  const own = contiguous(shape).strides;
  const axes = shape
    .map((size, axis) => ({ size, stride: layout.strides[axis]!, own: own[axis]! }))
    .filter(({ size }) => size !== 1)
    .sort((a, b) => b.stride - a.stride);
  let reach = 0;
  for (const { size, stride } of [...axes].reverse()) {
    if (stride <= reach) return null;
    reach += (size - 1) * stride;
  }
  return (place) => {
    let rest = place - layout.offset;
    let index = 0;
    for (const axis of axes) {
      const at = Math.floor(rest / axis.stride);
      if (at < 0 || at >= axis.size) return undefined;
      index += at * axis.own;
      rest -= at * axis.stride;
    }
    return rest === 0 ? index : undefined;
  };
}

/** `data` with the entries of a view of it replaced. */
export function scatter(
  data: readonly number[],
  shape: readonly number[],
  layout: Layout,
  values: readonly number[],
): number[] {
  const out = [...data];
  eachPlace(shape, layout, (place, i) => {
    out[place] = values[i]!;
  });
  return out;
}

/** Strides that give `shape` with strides `strides` the form `wanted` without copying; null where there are none (torch's computeStride). */
export function viewStrides(
  shape: readonly number[],
  strides: readonly number[],
  wanted: readonly number[],
): readonly number[] | null {
  if (count(shape) === 0) return contiguous(wanted).strides;
  const out = new Array<number>(wanted.length).fill(1);
  let at = wanted.length - 1;
  let chunkStride = strides.at(-1) ?? 1;
  let inShape = 1;
  let inWanted = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    inShape *= shape[axis]!;
    const before = axis - 1;
    // Axes that follow each other without a gap are one chunk.
    const ends = axis === 0 || (shape[before] !== 1 && strides[before] !== inShape * chunkStride);
    if (!ends) continue;
    while (at >= 0 && (inWanted < inShape || wanted[at] === 1)) {
      out[at] = inWanted * chunkStride;
      inWanted *= wanted[at]!;
      at--;
    }
    if (inWanted !== inShape) return null;
    if (axis > 0) {
      chunkStride = strides[before]!;
      inShape = 1;
      inWanted = 1;
    }
  }
  return at === -1 ? out : null;
}
