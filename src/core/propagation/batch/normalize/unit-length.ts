import { around, type Tensor } from '../tensor/tensor.js';

/** y = x / max(‖x‖, eps) along an axis. */
export function toUnitLength(x: Tensor, y: Tensor, axis: number, eps: number): void {
  eachLine(x, axis, (first, size, inner, norm) => {
    for (let k = 0; k < size; k++) y.data[first + k * inner] = x.data[first + k * inner]! / Math.max(norm, eps);
  });
}

export function unitLengthBack(x: Tensor, g: Tensor, out: Tensor, axis: number, eps: number): void {
  eachLine(x, axis, (first, size, inner, norm) => {
    let along = 0;
    for (let k = 0; k < size; k++) along += g.data[first + k * inner]! * x.data[first + k * inner]!;
    const d = Math.max(norm, eps);
    const pull = norm > eps ? along / (d * d * d) : 0;
    for (let k = 0; k < size; k++) {
      const at = first + k * inner;
      out.data[at] = g.data[at]! / d - x.data[at]! * pull;
    }
  });
}

function eachLine(
  x: Tensor,
  axis: number,
  visit: (first: number, size: number, inner: number, norm: number) => void,
): void {
  const { outer, size, inner } = around(x.shape, axis);
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < inner; i++) {
      const first = o * size * inner + i;
      let squares = 0;
      for (let k = 0; k < size; k++) squares += x.data[first + k * inner]! ** 2;
      visit(first, size, inner, Math.sqrt(squares));
    }
}
