import { eachLine, type Geometry } from './geometry.js';

/**
 * Writes what windows see as rows of a matrix: row (channel, offset), column place. `width` is the matrix's row length,
 * `start` this sample's first column. `x` is one sample's channels of the large map. (im2col)
 */
export function toColumns(
  g: Geometry,
  x: Float32Array,
  offset: number,
  channels: number,
  columns: Float32Array,
  width: number,
  start: number,
): void {
  const { places, smallSize } = g;
  if (places !== undefined) {
    for (let ch = 0; ch < channels; ch++) {
      const base = offset + ch * g.largeSize;
      for (let tap = 0; tap < g.kernelSize; tap++) {
        const to = (ch * g.kernelSize + tap) * width + start;
        const from = tap * smallSize;
        for (let o = 0; o < smallSize; o++) {
          const place = places[from + o]!;
          columns[to + o] = place < 0 ? 0 : x[base + place]!;
        }
      }
    }
    return;
  }
  const { runs } = g;
  const map = g.maps[2];
  const n = g.small[2];
  for (let ch = 0; ch < channels; ch++) {
    const base = offset + ch * g.largeSize;
    for (let tap = 0; tap < g.kernelSize; tap++) {
      const to = (ch * g.kernelSize + tap) * width + start;
      columns.fill(0, to, to + g.smallSize);
      const run = runs[tap % g.kernel[2]];
      eachLine(g, tap, (small, row, mapAt) => {
        const at = to + small;
        if (run === undefined)
          for (let o = 0; o < n; o++) {
            const place = map[mapAt + o]!;
            if (place >= 0) columns[at + o] = x[base + row + place]!;
          }
        else {
          let from = base + row + map[mapAt + run.first]!;
          for (let o = run.first; o < run.last; o++, from += run.step) columns[at + o] = x[from]!;
        }
      });
    }
  }
}

/** The adjoint: adds the matrix's entries to the places that they were seen at. (col2im) */
export function fromColumns(
  g: Geometry,
  columns: Float32Array,
  width: number,
  start: number,
  channels: number,
  x: Float32Array,
  offset: number,
): void {
  const { places, smallSize } = g;
  if (places !== undefined) {
    for (let ch = 0; ch < channels; ch++) {
      const base = offset + ch * g.largeSize;
      for (let tap = 0; tap < g.kernelSize; tap++) {
        const from = (ch * g.kernelSize + tap) * width + start;
        const table = tap * smallSize;
        for (let o = 0; o < smallSize; o++) {
          const place = places[table + o]!;
          if (place >= 0) x[base + place] = x[base + place]! + columns[from + o]!;
        }
      }
    }
    return;
  }
  const { runs } = g;
  const map = g.maps[2];
  const n = g.small[2];
  for (let ch = 0; ch < channels; ch++) {
    const base = offset + ch * g.largeSize;
    for (let tap = 0; tap < g.kernelSize; tap++) {
      const from = (ch * g.kernelSize + tap) * width + start;
      const run = runs[tap % g.kernel[2]];
      eachLine(g, tap, (small, row, mapAt) => {
        const at = from + small;
        if (run === undefined)
          for (let o = 0; o < n; o++) {
            const place = map[mapAt + o]!;
            if (place >= 0) x[base + row + place] = x[base + row + place]! + columns[at + o]!;
          }
        else {
          let to = base + row + map[mapAt + run.first]!;
          for (let o = run.first; o < run.last; o++, to += run.step) x[to] = x[to]! + columns[at + o]!;
        }
      });
    }
  }
}
