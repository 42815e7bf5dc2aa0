/** Entries of a tensor by groups: what a reduction, a running total or a sort works on. */

/** For each entry of the result, those that it comes from; `axes` are reduced. */
export function grouped(data: readonly number[], shape: readonly number[], axes: readonly number[]): number[][] {
  const strides = new Array<number>(shape.length).fill(0);
  let groups = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (axes.includes(axis)) continue;
    strides[axis] = groups;
    groups *= shape[axis]!;
  }
  const out = Array.from({ length: groups }, (): number[] => []);
  for (const [i, v] of data.entries()) {
    let rest = i;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]!;
      at += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    out[at]?.push(v);
  }
  return out;
}

/** Every line of entries along an axis replaced by `f` of it, which may be of another length. */
export function alongAxis(
  data: readonly number[],
  shape: readonly number[],
  axis: number,
  f: (line: number[]) => readonly number[],
): number[] {
  const length = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const out: number[] = [];
  for (let start = 0; start < data.length; start += length * inner) {
    const lines = Array.from({ length: inner }, (_, j) =>
      f(Array.from({ length }, (_unused, i) => data[start + i * inner + j]!)),
    );
    const kept = lines[0]?.length ?? 0;
    for (let i = 0; i < kept; i++) for (const line of lines) out.push(line[i]!);
  }
  return out;
}

/** Positions of a line's entries from the smallest up; equal ones stay in order, NaN comes last. */
export function order(line: readonly number[], descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  const rank = (v: number): number => (Number.isNaN(v) ? Infinity : v);
  return line
    .map((_, i) => i)
    .sort((i, j) => {
      const [a, b] = [rank(line[i]!), rank(line[j]!)];
      return a === b ? i - j : sign * (a < b ? -1 : 1);
    });
}
