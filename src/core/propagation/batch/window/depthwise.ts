import { eachLine, type Geometry } from './geometry.js';

/** One channel's map with one kernel: small[o] += Σ w[tap]·large[place]. */
export function correlate(
  g: Geometry,
  w: Float32Array,
  wAt: number,
  large: Float32Array,
  largeAt: number,
  small: Float32Array,
  smallAt: number,
): void {
  const { places, smallSize } = g;
  if (places !== undefined) {
    for (let tap = 0; tap < g.kernelSize; tap++) {
      const weight = w[wAt + tap]!;
      for (let o = 0; o < smallSize; o++) {
        const place = places[tap * smallSize + o]!;
        if (place >= 0) small[smallAt + o] = small[smallAt + o]! + weight * large[largeAt + place]!;
      }
    }
    return;
  }
  each(g, largeAt, smallAt, (tap, s, l, n, step) => {
    const weight = w[wAt + tap]!;
    for (let i = 0; i < n; i++) small[s + i] = small[s + i]! + weight * large[l + i * step]!;
  });
}

/** Its adjoint: large[place] += w[tap]·small[o]. */
export function spread(
  g: Geometry,
  w: Float32Array,
  wAt: number,
  small: Float32Array,
  smallAt: number,
  large: Float32Array,
  largeAt: number,
): void {
  const { places, smallSize } = g;
  if (places !== undefined) {
    for (let tap = 0; tap < g.kernelSize; tap++) {
      const weight = w[wAt + tap]!;
      for (let o = 0; o < smallSize; o++) {
        const place = places[tap * smallSize + o]!;
        if (place >= 0) large[largeAt + place] = large[largeAt + place]! + weight * small[smallAt + o]!;
      }
    }
    return;
  }
  each(g, largeAt, smallAt, (tap, s, l, n, step) => {
    const weight = w[wAt + tap]!;
    for (let i = 0; i < n; i++) large[l + i * step] = large[l + i * step]! + weight * small[s + i]!;
  });
}

/** The kernel's gradient: w[tap] += Σ small[o]·large[place]. */
export function correlation(
  g: Geometry,
  small: Float32Array,
  smallAt: number,
  large: Float32Array,
  largeAt: number,
  w: Float32Array,
  wAt: number,
): void {
  const { places, smallSize } = g;
  if (places !== undefined) {
    for (let tap = 0; tap < g.kernelSize; tap++) {
      let sum = 0;
      for (let o = 0; o < smallSize; o++) {
        const place = places[tap * smallSize + o]!;
        if (place >= 0) sum += small[smallAt + o]! * large[largeAt + place]!;
      }
      w[wAt + tap] = w[wAt + tap]! + sum;
    }
    return;
  }
  each(g, largeAt, smallAt, (tap, s, l, n, step) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += small[s + i]! * large[l + i * step]!;
    w[wAt + tap] = w[wAt + tap]! + sum;
  });
}

/** Each evenly spaced run of places: entry i is small[s + i] and large[l + i·step]. */
function each(
  g: Geometry,
  largeAt: number,
  smallAt: number,
  visit: (tap: number, s: number, l: number, n: number, step: number) => void,
): void {
  const { runs } = g;
  const map = g.maps[2];
  for (let tap = 0; tap < g.kernelSize; tap++) {
    const run = runs[tap % g.kernel[2]];
    eachLine(g, tap, (small, row, mapAt) => {
      if (run !== undefined) {
        if (run.last > run.first)
          visit(
            tap,
            smallAt + small + run.first,
            largeAt + row + map[mapAt + run.first]!,
            run.last - run.first,
            run.step,
          );
        return;
      }
      for (let o = 0; o < g.small[2]; o++) {
        const place = map[mapAt + o]!;
        if (place >= 0) visit(tap, smallAt + small + o, largeAt + row + place, 1, 1);
      }
    });
  }
}
