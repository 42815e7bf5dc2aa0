import type { KnownDistribution } from '../model/index.js';
import type { Activation } from '../propagation/activations/index.js';
import { drawInto } from '../propagation/batch/draw/draw.js';
import type { Kernels } from '../propagation/kernels/index.js';

/** Linear layers without biases, an activation after each but the last. */
export interface Chain {
  /** Units of the input, then of each layer. */
  readonly widths: readonly number[];
  /** By layer: the law of its weights. */
  readonly laws: readonly KnownDistribution[];
  readonly activation: Activation;
  /** Every second layer has the matrix of the one before, transposed, where their sizes mirror each other: as tied autoencoders have it. */
  readonly isTied: boolean;
}

/** Random inputs through a chain, and a random gradient back. Places are numbered from 0, the input, to the last layer. */
export interface Pass {
  readonly samples: number;
  /** Root mean square of the inputs: exactly, so that no scatter of theirs goes through all layers. */
  readonly inputStd: number;
  readonly seed: number;
  /** The input, and each layer's pre-activations; lent. */
  forward(place: number, z: Float32Array): void;
  /** The gradient there, for one of root mean square 1 at the last place; lent. Absent: no way back. */
  readonly backward?: ((place: number, gradient: Float32Array) => void) | undefined;
}

/** One draw of all weights. A matrix is drawn anew on the way back, so that only one at a time takes memory. */
export function passThrough(k: Kernels, { widths, laws, activation, isTied }: Chain, pass: Pass): void {
  const { samples, inputStd, seed } = pass;
  const depth = widths.length - 1;
  const held = new Set<Float32Array>();
  const array = (length: number): Float32Array => {
    const a = k.allocate(length);
    held.add(a);
    return a;
  };
  const free = (a: Float32Array): void => {
    held.delete(a);
    k.free(a);
  };
  const withWeights = (layer: number, use: (w: Float32Array, isTransposed: boolean, scale: number) => void): void => {
    const isTransposed = isTied && isMirrored(widths, layer);
    const drawn = isTransposed ? layer - 1 : layer;
    const shape = [widths[drawn + 1]!, widths[drawn]!];
    const w = array(shape[0]! * shape[1]!);
    k.seed(seed, 1 + drawn);
    drawInto(k, laws[drawn]!, { shape, data: w });
    use(w, isTransposed, laws[layer]!.std / laws[drawn]!.std || 1);
    free(w);
  };
  const random = (stream: number, units: number, rms: number): Float32Array => {
    const x = array(samples * units);
    k.seed(seed, stream);
    k.normal(x, 0, 1);
    k.scale(x, rms / Math.sqrt(k.sums(x).squares / x.length));
    return x;
  };

  try {
    let a = random(0, widths[0]!, inputStd);
    pass.forward(0, a);
    const slopes: Float32Array[] = [];
    for (let l = 0; l < depth; l++) {
      const [inputs, outputs] = [widths[l]!, widths[l + 1]!];
      const z = array(samples * outputs);
      withWeights(l, (w, isTransposed, alpha) => {
        k.multiply({ a, b: w, c: z, m: samples, n: outputs, k: inputs, transposeB: !isTransposed, alpha });
      });
      free(a);
      pass.forward(l + 1, z);
      a = z;
      if (l === depth - 1) break;
      const slope = array(z.length);
      k.activate(activation.name, z, a, slope);
      if (pass.backward === undefined) free(slope);
      else slopes.push(slope);
    }
    if (pass.backward === undefined) return;
    let g = random(depth + 1, widths[depth]!, 1);
    pass.backward(depth, g);
    for (let l = depth - 1; l >= 0; l--) {
      const [inputs, outputs] = [widths[l]!, widths[l + 1]!];
      const before = array(samples * inputs);
      withWeights(l, (w, isTransposed, alpha) => {
        k.multiply({ a: g, b: w, c: before, m: samples, n: inputs, k: outputs, transposeB: isTransposed, alpha });
      });
      const slope = slopes[l - 1];
      if (slope !== undefined) k.multiplyElements(before, slope, before);
      free(g);
      pass.backward(l, before);
      g = before;
    }
  } finally {
    k.free(...held);
  }
}

/** Once it is tied, some layer of the chain has another's matrix. */
export function canBeTied(widths: readonly number[]): boolean {
  return widths.some((_, layer) => isMirrored(widths, layer));
}

/** The second of a pair of layers, n → m → n. */
function isMirrored(widths: readonly number[], layer: number): boolean {
  return layer % 2 === 1 && widths[layer + 1] === widths[layer - 1];
}

/** Σx²/n. */
export function meanSquare(k: Kernels, x: Float32Array): number {
  return k.sums(x).squares / x.length;
}
