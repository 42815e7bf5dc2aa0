import type { Kernels } from '../../../../src/core/propagation/kernels/index.js';
import type { LinearMap } from '../../../../src/core/propagation/sampler/index.js';

export interface Chain {
  /** Widths from the input on. */
  readonly widths: readonly number[];
  readonly columns: number;
  readonly activation: string;
  readonly bias?: number;
  /**
   * Gradient at the output: the output itself, as dependent on the forward pass as can be; the activation of it (with
   * orthogonal weights the output itself would lead straight back to the input); or independent of it.
   */
  readonly loss?: 'output' | 'activated' | 'independent';
}

export type MakeMap = (inputs: number, outputs: number, layer: number) => LinearMap;

/** Mean square, kurtosis, correlation of the first two rows, share of positive entries. */
function summary(name: string, values: Float32Array, columns: number): Record<string, number> {
  const width = values.length / columns;
  let [second, fourth, positive] = [0, 0, 0];
  for (const v of values) {
    second += v * v;
    fourth += v ** 4;
    if (v > 0) positive++;
  }
  const n = values.length;
  const out: Record<string, number> = {
    [`log ${name}`]: Math.log(second / n),
    [`kurtosis ${name}`]: (n * fourth) / second ** 2,
  };
  if (n > 30) out[`positive ${name}`] = positive / n + 1e-3 * Math.sin(second);
  if (columns > 1) {
    let [cross, a, b] = [0, 0, 0];
    for (let i = 0; i < width; i++) {
      cross += values[i]! * values[width + i]!;
      a += values[i]! ** 2;
      b += values[width + i]! ** 2;
    }
    out[`correlation ${name}`] = cross / Math.sqrt(a * b);
  }
  return out;
}

/** One forward and backward pass of a chain of linear maps with activations between them: what can be measured of it. */
export function runChain(kernels: Kernels, chain: Chain, make: MakeMap): Record<string, number> {
  const { widths, columns, activation, bias = 0, loss = 'output' } = chain;
  const depth = widths.length - 1;
  const owned: Float32Array[] = [];
  const array = (length: number): Float32Array => {
    const made = kernels.allocate(length);
    owned.push(made);
    return made;
  };
  const maps = widths.slice(1).map((outputs, l) => make(widths[l]!, outputs, l));
  const statistics: Record<string, number> = {};
  const slopes: Float32Array[] = [];
  let x = array(columns * widths[0]!);
  kernels.normal(x, 0, 1);
  let z = x;
  maps.forEach((map, l) => {
    const width = widths[l + 1]!;
    z = array(columns * width);
    map.forward(x, columns, z);
    if (bias > 0) {
      const b = array(width);
      kernels.normal(b, 0, bias);
      for (let c = 0; c < columns; c++) kernels.addScaled(z.subarray(c * width, (c + 1) * width), b, 1);
    }
    if (l === 0 || l === depth >> 1 || l === depth - 1) Object.assign(statistics, summary(`z${l}`, z, columns));
    x = array(columns * width);
    const slope = array(columns * width);
    kernels.activate(activation, z, x, slope);
    slopes.push(slope);
  });
  let delta = array(z.length);
  if (loss !== 'independent') delta.set(loss === 'output' ? z : x);
  else kernels.normal(delta, 0, 1);
  for (let l = depth - 1; l >= 0; l--) {
    const g = array(columns * widths[l]!);
    maps[l]!.backward(0, delta, g);
    const measured = l === 0 || l === depth >> 1 || l === depth - 1;
    if (measured) {
      Object.assign(statistics, summary(`g${l}`, g, columns));
      statistics[`log dW${l}`] = Math.log(maps[l]!.weightGradientMeanSquare());
      if (`log z${l}` in statistics) {
        const [q, d] = [statistics[`log z${l}`]!, statistics[`log g${l}`]!];
        statistics[`sum ${l}`] = q + d;
        statistics[`difference ${l}`] = q - d;
        statistics[`product ${l}`] = q * d;
      }
    }
    if (l > 0) kernels.multiplyElements(g, slopes[l - 1]!, g);
    delta = g;
  }
  for (const map of maps) map.dispose();
  kernels.free(...owned);
  // A network of dead units has neither logarithms nor ratios: one number for that, on both sides of a comparison.
  for (const [name, value] of Object.entries(statistics)) if (!Number.isFinite(value)) statistics[name] = -1000;
  return statistics;
}
