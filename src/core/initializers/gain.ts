const LINEAR = [
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'sigmoid',
];

/** What PyTorch raises; the message is its own. */
export class GainError extends Error {
  override readonly name = 'ValueError';
}

/** `torch.nn.init.calculate_gain` (torch/nn/init.py), its case-sensitive names and its errors included. */
export function calculateGain(nonlinearity: string, param?: number): number {
  if (LINEAR.includes(nonlinearity)) return 1;
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu': {
      const slope = param ?? 0.01;
      if (Number.isNaN(slope)) throw new GainError(`negative_slope ${param} not a valid number`);
      return Math.sqrt(2 / (1 + slope * slope));
    }
    case 'selu':
      return 3 / 4;
    default:
      throw new GainError(`Unsupported nonlinearity ${nonlinearity}`);
  }
}
