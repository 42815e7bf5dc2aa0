/** What a network is trained for. Outputs are logits: the sigmoid or softmax belongs to the loss. */
export type LossKind = 'binaryCrossEntropy' | 'crossEntropy' | 'meanSquare';

export interface LossResult {
  /** Mean over the batch, in nats for the entropies. */
  readonly loss: number;
  /** Share of samples in [0, 1] that would be called wrong; absent for `meanSquare`. */
  readonly error?: number | undefined;
}

/** Stands for a loss that is not finite where plain data must survive JSON. */
export const BEYOND = 1e30;

export function finiteLoss(loss: number): number {
  return loss < BEYOND ? loss : BEYOND;
}

/**
 * The loss of `outputs` (batch × units) against `targets`: a class for each sample, or for `meanSquare` a number for
 * each output. ∂loss/∂outputs goes into `gradient`. Infinite and undefined outputs give an infinite loss and no gradient.
 */
export function lossOf(
  kind: LossKind,
  outputs: Float32Array,
  targets: ArrayLike<number>,
  units: number,
  gradient: Float32Array,
): LossResult {
  if (!outputs.every(Number.isFinite)) {
    gradient.fill(0);
    return { loss: Infinity, error: 1 };
  }
  switch (kind) {
    case 'binaryCrossEntropy':
      return binary(outputs, targets, gradient);
    case 'crossEntropy':
      return categorical(outputs, targets, units, gradient);
    case 'meanSquare':
      return square(outputs, targets, gradient);
  }
}

/** log(1 + e^−z) without overflow, from the side where the exponential is small. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

function binary(z: Float32Array, targets: ArrayLike<number>, gradient: Float32Array): LossResult {
  let loss = 0;
  let wrong = 0;
  for (let i = 0; i < z.length; i++) {
    const t = targets[i]!;
    loss += softplus(z[i]!) - t * z[i]!;
    if (z[i]! > 0 !== t > 0.5) wrong++;
    gradient[i] = (sigmoid(z[i]!) - t) / z.length;
  }
  return { loss: loss / z.length, error: wrong / z.length };
}

function categorical(z: Float32Array, targets: ArrayLike<number>, units: number, gradient: Float32Array): LossResult {
  const batch = z.length / units;
  let loss = 0;
  let wrong = 0;
  for (let i = 0; i < batch; i++) {
    const from = i * units;
    let best = 0;
    for (let j = 1; j < units; j++) if (z[from + j]! > z[from + best]!) best = j;
    const largest = z[from + best]!;
    let sum = 0;
    for (let j = 0; j < units; j++) sum += Math.exp(z[from + j]! - largest);
    const target = targets[i]!;
    loss += largest + Math.log(sum) - z[from + target]!;
    if (best !== target) wrong++;
    for (let j = 0; j < units; j++)
      gradient[from + j] = (Math.exp(z[from + j]! - largest) / sum - (j === target ? 1 : 0)) / batch;
  }
  return { loss: loss / batch, error: wrong / batch };
}

function square(z: Float32Array, targets: ArrayLike<number>, gradient: Float32Array): LossResult {
  let loss = 0;
  for (let i = 0; i < z.length; i++) {
    const d = z[i]! - targets[i]!;
    loss += d * d;
    gradient[i] = (2 * d) / z.length;
  }
  return { loss: loss / z.length };
}
