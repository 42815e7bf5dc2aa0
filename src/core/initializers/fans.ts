import type { Shape } from '../model/index.js';

/** Numbers of terms, as some framework or the operation itself counts them. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

function product(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}

function allKnown(shape: Shape): readonly number[] | undefined {
  return shape.every((d): d is number => typeof d === 'number') ? shape : undefined;
}

/**
 * PyTorch's `_calculate_fan_in_and_fan_out` (torch/nn/init.py): axis 1 and axis 0, times the receptive field.
 * Undefined for tensors of fewer than two axes, where PyTorch raises, and for unknown sizes.
 */
export function torchFans(shape: Shape): Fans | undefined {
  const known = allKnown(shape);
  if (known === undefined || known.length < 2) return undefined;
  const receptive = product(known.slice(2));
  return { fanIn: known[1]! * receptive, fanOut: known[0]! * receptive };
}

/**
 * Keras' `compute_fans` (keras/src/initializers/random_initializers.py): kernels end in (in, out); the axes
 * before are the receptive field. One axis: both are its size. A scalar: 1.
 */
export function kerasFans(shape: Shape): Fans | undefined {
  const known = allKnown(shape);
  if (known === undefined) return undefined;
  if (known.length === 0) return { fanIn: 1, fanOut: 1 };
  if (known.length === 1) return { fanIn: known[0]!, fanOut: known[0]! };
  const receptive = product(known.slice(0, -2));
  return { fanIn: known[known.length - 2]! * receptive, fanOut: known[known.length - 1]! * receptive };
}

export interface ConvolutionSizes {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly transposed: boolean;
}

/**
 * What a convolution really sums: terms of one output entry, and outputs that one input entry reaches (both on
 * average over positions, borders aside). They differ from the frameworks' fans for groups (fan_out is not
 * divided by them) and for transposed convolutions, whose input and output channels the frameworks swap.
 */
export function convolutionFans(s: ConvolutionSizes): Fans {
  const taps = product(s.kernel);
  const steps = product(s.stride);
  return s.transposed
    ? { fanIn: ((s.inChannels / s.groups) * taps) / steps, fanOut: (s.outChannels / s.groups) * taps }
    : { fanIn: (s.inChannels / s.groups) * taps, fanOut: ((s.outChannels / s.groups) * taps) / steps };
}
