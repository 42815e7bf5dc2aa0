import type { Operation, Window } from '../../../../model/index.js';
import { Tuple, type Runtime, type Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, tensorArgument, type Family, type Table } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, plus, shapeText, symbol, times, type Shape, type Sizes } from '../kit/sizes.js';
import { flag, itemsOf, perAxis, real, shapeFrom, sizeOf } from '../kit/values.js';
import { activate } from '../pointwise/activations.js';
import { affine, power } from '../pointwise/unary.js';
import { windowed } from '../products/convolution.js';
import { reshapeTo } from '../shape/reshape.js';

type Pool = Extract<Operation, { kind: 'pool' }>;

/** Runs on (channels, …) as well as on (batch, channels, …). */
export function inBatch(rt: Runtime, x: Tensor, n: number, name: string, body: (x: Tensor) => Tensor): Tensor {
  if (!hasRank(x.shape)) return body(x);
  const rank = x.shape.length;
  if (rank === n + 2) return body(x);
  if (rank !== n + 1)
    rt.raise(
      'RuntimeError',
      `${name}: Expected ${String(n + 1)}D or ${String(n + 2)}D input, but got ${shapeText(x.shape)}`,
    );
  const y = body(reshapeTo(rt, x, [1, ...x.shape]));
  return hasRank(y.shape) ? reshapeTo(rt, y, y.shape.slice(1)) : y;
}

export function pooled(rt: Runtime, x: Tensor, operation: Pool): Tensor {
  const { window, ceil } = operation;
  if (!hasRank(x.shape)) return compute(rt, operation, [x], { shape: x.shape });
  const spatial = x.shape.slice(2).map((s, i) => windowed(s, window, i, ceil));
  if (spatial.some((s) => typeof s === 'number' && s <= 0)) {
    const list = (s: Sizes): string => s.slice(1).map(symbol).join('x');
    rt.raise(
      'RuntimeError',
      `Given input size: (${list(x.shape)}). Calculated output size: (${[x.shape[1]!, ...spatial].map(symbol).join('x')}). Output size is too small`,
    );
  }
  return compute(rt, operation, [x], { shape: [...x.shape.slice(0, 2), ...spatial], dtype: x.dtype });
}

function windowOf(
  rt: Runtime,
  n: number,
  a: { kernel_size: Value; stride: Value; padding: Value; dilation?: Value },
): Window {
  const kernel = perAxis(a.kernel_size, n, 'kernel_size', rt);
  const noStride = a.stride === null || itemsOf(a.stride, rt)?.length === 0;
  const stride = noStride ? kernel : perAxis(a.stride, n, 'stride', rt);
  const padding = perAxis(a.padding, n, 'padding', rt).map((p) => [p, p] as const);
  for (const [i, [p]] of padding.entries())
    if (p > Math.floor(kernel[i]! / 2))
      rt.raise(
        'RuntimeError',
        `pad should be at most half of effective kernel size, but got pad=${String(p)}, kernel_size=${String(kernel[i])} and dilation=1`,
      );
  return { kernel, stride, padding, dilation: perAxis(a.dilation ?? 1, n, 'dilation', rt) };
}

function withIndices(rt: Runtime, y: Tensor, x: Tensor, wanted: boolean): Value {
  if (!wanted) return y;
  return new Tuple([
    y,
    opaque(rt, 'max_pool_indices', 'places of the largest entries', [x], { shape: y.shape, dtype: 'int' }),
  ]);
}

const maxPool = (n: number, always: boolean): Table[string] => {
  const name = `max_pool${String(n)}d`;
  const signature = 'input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False';
  return op(name, signature, (x, a, rt) => {
    const window = windowOf(rt, n, a);
    const ceil = flag(a.ceil_mode, rt);
    const y = inBatch(rt, x, n, name, (t) =>
      pooled(rt, t, { kind: 'pool', reduce: 'max', window, countPadding: false, ceil }),
    );
    return withIndices(rt, y, x, always || flag(a.return_indices, rt));
  });
};

const averagePool = (n: number): Table[string] => {
  const name = `avg_pool${String(n)}d`;
  const signature =
    'input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None';
  return op(name, signature, (x, a, rt) => {
    const window = windowOf(rt, n, a);
    const operation: Pool = {
      kind: 'pool',
      reduce: 'average',
      window,
      countPadding: flag(a.count_include_pad, rt, true),
      ceil: flag(a.ceil_mode, rt),
    };
    const y = inBatch(rt, x, n, name, (t) => pooled(rt, t, operation));
    if (a.divisor_override === null) return y;
    return affine(
      rt,
      y,
      window.kernel.reduce((p, k) => p * k, 1) / real(a.divisor_override, 'divisor_override', rt),
      0,
    );
  });
};

/** Sizes that an `output_size` asks for; None keeps an axis. */
export function outputSizes(rt: Runtime, v: Value, n: number, own: Sizes): Size[] {
  const items = itemsOf(v, rt);
  const all =
    items?.length === 1 ? new Array<Value>(n).fill(items[0] as Value) : (items ?? new Array<Value>(n).fill(v));
  return all.map((s, i) => (s === null ? own[i + 2]! : sizeOf(s, rt)));
}

const adaptivePool = (n: number, reduce: 'max' | 'average', always: boolean): Table[string] => {
  const name = `adaptive_${reduce === 'max' ? 'max' : 'avg'}_pool${String(n)}d`;
  return op(name, 'input, output_size, return_indices=False', (x, a, rt) => {
    const y = inBatch(rt, x, n, name, (t) => {
      if (!hasRank(t.shape)) return compute(rt, { kind: 'adaptivePool', reduce, output: [] }, [t], { shape: t.shape });
      const output = outputSizes(rt, a.output_size, n, t.shape);
      const shape = [...t.shape.slice(0, 2), ...output];
      const numbers = output.filter((s) => typeof s === 'number');
      if (numbers.length < n) return opaque(rt, name, 'pooled to a size that is not known', [t], { shape });
      return compute(rt, { kind: 'adaptivePool', reduce, output: numbers }, [t], { shape });
    });
    return withIndices(rt, y, x, always || flag(a.return_indices, rt));
  });
};

/** (mean of |x|^p over the window · its size)^(1/p): average pooling between two powers. */
const lpPool = (n: number): Table[string] => {
  const name = `lp_pool${String(n)}d`;
  return op(name, 'input, norm_type, kernel_size, stride=None, ceil_mode=False', (x, a, rt) => {
    const p = real(a.norm_type, 'norm_type', rt);
    const window = windowOf(rt, n, { ...a, padding: 0 });
    const raised = power(rt, x, p);
    const ceil = flag(a.ceil_mode, rt);
    const mean = inBatch(rt, raised, n, name, (t) =>
      pooled(rt, t, { kind: 'pool', reduce: 'average', window, countPadding: true, ceil }),
    );
    const sum = affine(
      rt,
      activate(rt, mean, 'relu'),
      window.kernel.reduce((q, k) => q * k, 1),
      0,
    );
    return power(rt, sum, 1 / p);
  });
};

const fractional = (n: number): Table[string] => {
  const name = `fractional_max_pool${String(n)}d`;
  const signature =
    'input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None';
  return op(name, signature, (x, a, rt) => {
    const shape: Shape = hasRank(x.shape)
      ? [...x.shape.slice(0, -n), ...fractionalSizes(rt, a.output_size, a.output_ratio, x.shape.slice(-n))]
      : x.shape;
    const y = opaque(rt, name, 'pooling over random windows', [x], { shape });
    return withIndices(rt, y, x, flag(a.return_indices, rt));
  });
};

function fractionalSizes(rt: Runtime, size: Value, ratio: Value, own: Sizes): Size[] {
  if (size !== null) return outputSizes(rt, size, own.length, [1, 1, ...own]);
  const ratios = itemsOf(ratio, rt) ?? own.map(() => ratio);
  return own.map((s, i) => (typeof s === 'number' ? Math.trunc(s * real(ratios[i] ?? ratio, 'output_ratio', rt)) : s));
}

const unpool = (n: number): Table[string] => {
  const name = `max_unpool${String(n)}d`;
  return op(name, 'input, indices, kernel_size, stride=None, padding=0, output_size=None', (x, a, rt) => {
    tensorArgument(a.indices, name, 'indices', rt);
    const { kernel, stride, padding } = windowOf(rt, n, a);
    const asked = a.output_size === null ? undefined : shapeFrom([a.output_size], rt);
    const shape: Shape = hasRank(x.shape)
      ? [
          ...x.shape.slice(0, -n),
          ...(asked && hasRank(asked)
            ? asked.slice(-n)
            : x.shape
                .slice(-n)
                .map((s, i) => plus(times(plus(s, -1), stride[i]!), kernel[i]! - 2 * (padding[i]?.[0] ?? 0)))),
        ]
      : x.shape;
    return opaque(rt, name, 'entries put back where they were largest', [x], { shape });
  });
};

const functional: Table = {};
for (const n of [1, 2, 3]) {
  const d = `${String(n)}d`;
  functional[`max_pool${d}`] = maxPool(n, false);
  functional[`max_pool${d}_with_indices`] = maxPool(n, true);
  functional[`avg_pool${d}`] = averagePool(n);
  functional[`adaptive_max_pool${d}`] = adaptivePool(n, 'max', false);
  functional[`adaptive_max_pool${d}_with_indices`] = adaptivePool(n, 'max', true);
  functional[`adaptive_avg_pool${d}`] = adaptivePool(n, 'average', false);
  functional[`lp_pool${d}`] = lpPool(n);
  functional[`max_unpool${d}`] = unpool(n);
  if (n > 1) functional[`fractional_max_pool${d}`] = fractional(n);
}

const inTorch = ['max_pool1d', 'max_pool2d', 'max_pool3d', 'avg_pool1d', 'adaptive_avg_pool1d', 'adaptive_max_pool1d'];

export const pools: Family = {
  functional,
  torch: Object.fromEntries(inTorch.map((n) => [n, functional[n] as Value])),
};
