import type { Window } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, optionalTensor, tensorArgument, type Family, type Table } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, over, plus, shapeText, times, type Shape, type Sizes } from '../kit/sizes.js';
import { integer, perAxis, Undetermined } from '../kit/values.js';
import { reshapeTo } from '../shape/reshape.js';
import { addBias, biasField, weightOf } from './weights.js';

/** Size of an axis after a window has run over it. */
export function windowed(size: Size, w: Window, i: number, ceil = false): Size {
  const [before, after] = w.padding[i]!;
  const reach = w.dilation[i]! * (w.kernel[i]! - 1) + 1;
  const stride = w.stride[i]!;
  const span = plus(size, before + after - reach);
  if (!ceil) return plus(over(span, stride), 1);
  if (typeof span !== 'number' || typeof size !== 'number') return plus(over(plus(span, stride - 1), stride), 1);
  const steps = Math.ceil(span / stride) + 1;
  // The last window must start inside the input or its left padding.
  return (steps - 1) * stride >= size + before ? steps - 1 : steps;
}

/** Kernel sizes of a weight; Undetermined where they aren't known, with the rank of the result. */
function kernelOf(weight: Tensor, n: number, x: Shape): number[] {
  if (!hasRank(weight.shape)) throw new Undetermined(weight.shape);
  const kernel = weight.shape.slice(2);
  const unknown = kernel.find((k) => typeof k !== 'number');
  if (unknown !== undefined && typeof unknown !== 'number') {
    const spatial = new Array<Size>(n).fill(unknown.as('?'));
    throw new Undetermined(unknown, hasRank(x) ? [...x.slice(0, -n - 1), weight.shape[0]!, ...spatial] : x);
  }
  return kernel as number[];
}

function paddingOf(
  v: Value,
  n: number,
  kernel: readonly number[],
  dilation: readonly number[],
  rt: Runtime,
): [number, number][] {
  if (v === 'valid') return kernel.map(() => [0, 0]);
  if (v === 'same')
    return kernel.map((k, i) => {
      const total = dilation[i]! * (k - 1);
      const before = Math.floor(total / 2);
      return [before, total - before];
    });
  return perAxis(v, n, 'padding', rt).map((p) => [p, p]);
}

function batched(rt: Runtime, x: Tensor, n: number, name: string): Tensor {
  if (!hasRank(x.shape)) return x;
  const rank = x.shape.length;
  if (rank !== n + 1 && rank !== n + 2)
    rt.raise(
      'RuntimeError',
      `Expected ${String(n + 1)}D (unbatched) or ${String(n + 2)}D (batched) input to ${name}, but got input of size: ${shapeText(x.shape)}`,
    );
  return rank === n + 1 ? reshapeTo(rt, x, [1, ...x.shape]) : x;
}

function unbatched(rt: Runtime, y: Tensor, wasBatched: boolean): Tensor {
  return wasBatched || !hasRank(y.shape) ? y : reshapeTo(rt, y, y.shape.slice(1));
}

interface Layer {
  readonly window: Window;
  readonly groups: number;
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly outputPadding?: readonly number[];
}

export function convolve(rt: Runtime, name: string, given: Tensor, n: number, layer: Layer): Tensor {
  const x = batched(rt, given, n, name);
  const transposed = layer.outputPadding !== undefined;
  checkChannels(rt, x, layer, transposed);
  const shape = convolvedShape(rt, x.shape, layer, transposed);
  const { weight, inputs } = weightOf(layer.weight, [x]);
  const { window, groups } = layer;
  const y = compute(
    rt,
    { kind: 'convolution', weight, ...biasField(layer.bias), window, groups, transposed, paddingMode: 'zeros' },
    inputs,
    { shape },
  );
  return unbatched(rt, addBias(rt, y, layer.bias, 1), x === given);
}

function checkChannels(rt: Runtime, x: Tensor, layer: Layer, transposed: boolean): void {
  if (!hasRank(x.shape) || !hasRank(layer.weight.shape)) return;
  const channels = x.shape[1]!;
  const expected = transposed ? layer.weight.shape[0]! : times(layer.weight.shape[1]!, layer.groups);
  if (typeof channels !== 'number' || typeof expected !== 'number' || channels === expected) return;
  const how = transposed ? 'transposed=1' : `groups=${String(layer.groups)}`;
  rt.raise(
    'RuntimeError',
    `Given ${how}, weight of size ${shapeText(layer.weight.shape)}, expected input${shapeText(x.shape)} to have ${String(expected)} channels, but got ${String(channels)} channels instead`,
  );
}

function convolvedShape(rt: Runtime, x: Shape, layer: Layer, transposed: boolean): Shape {
  if (!hasRank(x) || !hasRank(layer.weight.shape)) return x;
  const out = transposed ? times(layer.weight.shape[1]!, layer.groups) : layer.weight.shape[0]!;
  const { window: w } = layer;
  const spatial = x.slice(2).map((size, i): Size => {
    if (!transposed) return windowed(size, w, i);
    const [before, after] = w.padding[i]!;
    const reach = w.dilation[i]! * (w.kernel[i]! - 1);
    const start = times(plus(size, -1), w.stride[i]!);
    return plus(start, reach + 1 - before - after + (layer.outputPadding?.[i] ?? 0));
  });
  if (!transposed && spatial.some((s) => typeof s === 'number' && s <= 0)) tooLarge(rt, x, w);
  return [x[0]!, out, ...spatial];
}

function tooLarge(rt: Runtime, x: Sizes, w: Window): never {
  const padded = x.slice(2).map((s, i) => plus(s, (w.padding[i]?.[0] ?? 0) + (w.padding[i]?.[1] ?? 0)));
  const reach = w.kernel.map((k, i) => w.dilation[i]! * (k - 1) + 1);
  return rt.raise(
    'RuntimeError',
    `Calculated padded input size per channel: (${padded.map(String).join(' x ')}). Kernel size: (${reach.join(' x ')}). Kernel size can't be greater than actual input size`,
  );
}

const ordinary = (n: number): Table[string] => {
  const name = `conv${String(n)}d`;
  return op(name, 'input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1', (x, a, rt) => {
    const weight = tensorArgument(a.weight, name, 'weight', rt);
    const kernel = kernelOf(weight, n, x.shape);
    const dilation = perAxis(a.dilation, n, 'dilation', rt);
    const stride = perAxis(a.stride, n, 'stride', rt);
    const window = { kernel, stride, dilation, padding: paddingOf(a.padding, n, kernel, dilation, rt) };
    const bias = optionalTensor(a.bias, name, 'bias', rt);
    return convolve(rt, name, x, n, { window, groups: integer(a.groups, 'groups', rt), weight, bias });
  });
};

const transposed = (n: number): Table[string] => {
  const name = `conv_transpose${String(n)}d`;
  const signature = 'input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1';
  return op(name, signature, (x, a, rt) => {
    const weight = tensorArgument(a.weight, name, 'weight', rt);
    const kernel = kernelOf(weight, n, x.shape);
    const dilation = perAxis(a.dilation, n, 'dilation', rt);
    const stride = perAxis(a.stride, n, 'stride', rt);
    const window = { kernel, stride, dilation, padding: paddingOf(a.padding, n, kernel, dilation, rt) };
    const outputPadding = perAxis(a.output_padding, n, 'output_padding', rt);
    const bias = optionalTensor(a.bias, name, 'bias', rt);
    return convolve(rt, name, x, n, { window, groups: integer(a.groups, 'groups', rt), weight, bias, outputPadding });
  });
};

const functions: Table = Object.fromEntries(
  [1, 2, 3].flatMap((n) => [
    [`conv${String(n)}d`, ordinary(n)] as const,
    [`conv_transpose${String(n)}d`, transposed(n)] as const,
  ]),
);

export const convolutions: Family = { functional: functions, torch: functions };
