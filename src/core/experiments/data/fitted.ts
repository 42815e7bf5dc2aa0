import type { Graph } from '../../model/index.js';
import { lossOutput } from '../../propagation/loss.js';
import { Random } from '../random.js';
import type { LabelledImages } from './idx.js';
import { planarData } from './planar.js';
import { teacherData } from './teacher.js';

/** Samples in the shape that a model takes. */
export interface Samples {
  /** Entries of one sample. */
  readonly size: number;
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
}

export type RaceData = 'spiral' | 'teacher' | 'digits';

/** What a model takes and gives, as far as training on classes needs it. */
export interface ModelShape {
  /** Of one sample. */
  readonly input: readonly number[];
  readonly outputs: number;
}

const COUNT = 1000;

/** Shapes of a model that can be trained on classes: one input of numbers, a row of outputs a sample; or why it can't. */
export function shapeOf(graph: Graph): ModelShape | { readonly refused: string } {
  const [input, ...others] = graph.inputs.map((v) => graph.values[v]);
  const output = graph.values[lossOutput(graph) ?? -1];
  if (input === undefined || output === undefined) return { refused: 'what it takes or gives is not known' };
  if (others.length > 0) return { refused: 'it takes more than one input' };
  if (input.dtype !== 'float')
    return { refused: 'it takes whole numbers (tokens), and the data here are points and images' };
  if (![...input.shape, ...output.shape].every((d) => typeof d === 'number'))
    return { refused: 'a size of its input or output is not known' };
  const [batch, ...sample] = input.shape as readonly number[];
  const [rows, outputs, ...more] = output.shape as readonly number[];
  if (rows !== batch || outputs === undefined || more.length > 0)
    return { refused: 'it does not give one row of numbers for each sample' };
  return { input: sample, outputs };
}

/** Why these data don't fit a model of that shape; undefined when they do. */
export function misfit(data: RaceData, { input, outputs }: ModelShape): string | undefined {
  const size = input.reduce((a, b) => a * b, 1);
  switch (data) {
    case 'spiral':
      return size === 2 ? undefined : 'the spiral has 2 inputs';
    case 'teacher':
      return undefined;
    case 'digits':
      if (outputs > 1 && outputs < 10) return 'there are 10 digits';
      return imageShape(input) === undefined ? 'its input is no image of at least 8 × 8' : undefined;
  }
}

/** As many classes as the model has outputs, two for a single one. */
export function classesOf({ outputs }: ModelShape): number {
  return outputs === 1 ? 2 : Math.min(outputs, 10);
}

export function fittedSamples(
  data: RaceData,
  shape: ModelShape,
  images: LabelledImages | undefined,
  seed: number,
): Samples {
  const size = shape.input.reduce((a, b) => a * b, 1);
  if (data === 'spiral') {
    const { points, labels } = planarData('spiral', COUNT, seed);
    return { size, inputs: points, labels };
  }
  if (data === 'teacher' || images === undefined) return { size, ...teacherData(size, classesOf(shape), COUNT, seed) };
  return digitSamples(images, shape, seed);
}

/** Channels, height and width of an input that can hold an image; a flat one is taken as a square. */
function imageShape(input: readonly number[]): readonly [number, number, number] | undefined {
  if (input.length === 3) return input[1]! >= 8 && input[2]! >= 8 ? [input[0]!, input[1]!, input[2]!] : undefined;
  if (input.length !== 1) return undefined;
  const side = Math.sqrt(input[0]!);
  return Number.isInteger(side) && side >= 8 ? [1, side, side] : undefined;
}

/** Digits enlarged to the model's size (each pixel the nearest one's), the same in every channel, with mean 0 and variance 1; for one output, odd against even. */
function digitSamples(images: LabelledImages, shape: ModelShape, seed: number): Samples {
  const [channels, height, width] = imageShape(shape.input)!;
  const size = channels * height * width;
  const count = Math.min(COUNT, images.labels.length);
  const chosen = new Random(seed, 2).order(images.labels.length).subarray(0, count);
  const inputs = new Float32Array(count * size);
  const pixels = images.rows * images.columns;
  chosen.forEach((image, s) => {
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const row = Math.floor((y * images.rows) / height);
          const column = Math.floor((x * images.columns) / width);
          inputs[s * size + (c * height + y) * width + x] =
            images.pixels[image * pixels + row * images.columns + column]!;
        }
  });
  standardize(inputs);
  const labels = Uint8Array.from(chosen, (image) => images.labels[image]!);
  return { size, inputs, labels: shape.outputs === 1 ? labels.map((d) => d % 2) : labels };
}

/** In place, to mean 0 and variance 1 over all entries. */
function standardize(x: Float32Array): void {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 1;
  for (let i = 0; i < x.length; i++) x[i] = (x[i]! - mean) * scale;
}
