import type { Operation, Window } from '../../../../model/index.js';
import type { NativeFunction, Runtime, Value } from '../../../../python/values/index.js';
import { Tuple } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, type Family, type Table } from '../kit/define.js';
import { compute, opaque } from '../kit/make.js';
import { hasRank, over, overUp, plus, shapeText, type Shape } from '../kit/sizes.js';
import { flag, integer, itemsOf, perAxis, sizeOf } from '../kit/values.js';

/** Size after pooling. With `ceil`, a last window may hang over, but must start inside the input or its left padding (torch's pooling_output_shape). */
function pooledSize(n: Size, window: Window, axis: number, ceil: boolean): Size {
  const [before, after] = window.padding[axis] ?? [0, 0];
  const stride = window.stride[axis] ?? 1;
  const reach = (window.dilation[axis] ?? 1) * ((window.kernel[axis] ?? 1) - 1) + 1;
  const span = plus(n, before + after - reach);
  const size = plus((ceil ? overUp : over)(span, stride), 1);
  return ceil && typeof size === 'number' && typeof n === 'number' && (size - 1) * stride >= n + before
    ? size - 1
    : size;
}

function spatialShape(
  rt: Runtime,
  x: Tensor,
  axes: number,
  name: string,
  size: (n: Size, axis: number) => Size,
): Shape {
  if (!hasRank(x.shape)) return x.shape;
  if (x.shape.length < axes + 1 || x.shape.length > axes + 2)
    rt.raise(
      'RuntimeError',
      `${name}: Expected ${String(axes + 1)}D or ${String(axes + 2)}D tensor, but got ${shapeText(x.shape)}`,
    );
  const spatial = x.shape.slice(-axes).map((n, i) => size(n, i));
  if (spatial.some((n) => typeof n === 'number' && n <= 0))
    rt.raise(
      'RuntimeError',
      `Given input size: ${shapeText(x.shape)}. Calculated output size: ${shapeText(spatial)}. Output size is too small`,
    );
  return [...x.shape.slice(0, -axes), ...spatial];
}

function withIndices(rt: Runtime, wanted: boolean, x: Tensor, pooled: Tensor): Value {
  if (!wanted) return pooled;
  return new Tuple([
    pooled,
    opaque(rt, 'max_pool_indices', 'positions of maxima are not followed', [x], { shape: pooled.shape, dtype: 'int' }),
  ]);
}

function maxPool(axes: number, name: string, indices: boolean): NativeFunction {
  return op(
    name,
    'input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False',
    (x, a, rt) => {
      const kernel = perAxis(a.kernel_size, axes, 'kernel_size', rt);
      const window: Window = {
        kernel,
        stride:
          a.stride === null || itemsOf(a.stride, rt)?.length === 0 ? kernel : perAxis(a.stride, axes, 'stride', rt),
        padding: perAxis(a.padding, axes, 'padding', rt).map((p) => [p, p] as const),
        dilation: perAxis(a.dilation, axes, 'dilation', rt),
      };
      const ceil = flag(a.ceil_mode, rt);
      const shape = spatialShape(rt, x, axes, name, (n, i) => pooledSize(n, window, i, ceil));
      const pooled = compute(rt, { kind: 'pool', reduce: 'max', window, countPadding: false, ceil }, [x], { shape });
      return withIndices(rt, indices || flag(a.return_indices, rt), x, pooled);
    },
  );
}

function averagePool(axes: number): NativeFunction {
  const name = `avg_pool${String(axes)}d`;
  return op(
    name,
    'input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None',
    (x, a, rt) => {
      const kernel = perAxis(a.kernel_size, axes, 'kernel_size', rt);
      const window: Window = {
        kernel,
        stride:
          a.stride === null || itemsOf(a.stride, rt)?.length === 0 ? kernel : perAxis(a.stride, axes, 'stride', rt),
        padding: perAxis(a.padding, axes, 'padding', rt).map((p) => [p, p] as const),
        dilation: kernel.map(() => 1),
      };
      const ceil = flag(a.ceil_mode, rt);
      const shape = spatialShape(rt, x, axes, name, (n, i) => pooledSize(n, window, i, ceil));
      return compute(
        rt,
        { kind: 'pool', reduce: 'average', window, countPadding: flag(a.count_include_pad, rt, true), ceil },
        [x],
        { shape },
      );
    },
  );
}

/** The p-norm of each window: |x|^p averaged, then the root; its moments are not followed. */
function powerPool(axes: number): NativeFunction {
  const name = `lp_pool${String(axes)}d`;
  return op(name, 'input, norm_type, kernel_size, stride=None, ceil_mode=False', (x, a, rt) => {
    const kernel = perAxis(a.kernel_size, axes, 'kernel_size', rt);
    const window: Window = {
      kernel,
      stride: a.stride === null ? kernel : perAxis(a.stride, axes, 'stride', rt),
      padding: kernel.map(() => [0, 0] as const),
      dilation: kernel.map(() => 1),
    };
    const ceil = flag(a.ceil_mode, rt);
    return opaque(rt, name, 'power-average pooling has no rule', [x], {
      shape: spatialShape(rt, x, axes, name, (n, i) => pooledSize(n, window, i, ceil)),
    });
  });
}

function adaptivePool(axes: number, reduce: 'max' | 'average', name: string, indices = false): NativeFunction {
  return op(name, 'input, output_size, return_indices=False', (x, a, rt) => {
    const given = itemsOf(a.output_size, rt);
    const wanted = Array.from(
      { length: axes },
      (_, i) => (given ? (given.length === 1 ? given[0] : given[i]) : a.output_size) ?? null,
    );
    const shape = spatialShape(rt, x, axes, name, (n, i) => {
      const w = wanted[i] ?? null;
      return w === null ? n : sizeOf(w, rt);
    });
    const output = hasRank(shape) ? shape.slice(-axes) : wanted.map((w) => (w === null ? -1 : sizeOf(w, rt)));
    const known = output.every((n): n is number => typeof n === 'number');
    const operation: Operation = known
      ? { kind: 'adaptivePool', reduce, output }
      : { kind: 'opaque', name, reason: 'the output size of this pooling is not known' };
    return withIndices(rt, indices || flag(a.return_indices, rt), x, compute(rt, operation, [x], { shape }));
  });
}

/** Puts values back to where max pooling took them from; all other entries are zero. */
function unpool(axes: number): NativeFunction {
  const name = `max_unpool${String(axes)}d`;
  return op(name, 'input, indices, kernel_size, stride=None, padding=0, output_size=None', (x, a, rt) => {
    const kernel = perAxis(a.kernel_size, axes, 'kernel_size', rt);
    const stride = a.stride === null ? kernel : perAxis(a.stride, axes, 'stride', rt);
    const padding = perAxis(a.padding, axes, 'padding', rt);
    const given = itemsOf(a.output_size, rt);
    const shape = spatialShape(rt, x, axes, name, (n, i) => {
      const own = given?.at(i - axes);
      if (own !== undefined) return sizeOf(own, rt);
      return typeof n === 'number' ? (n - 1) * (stride[i] ?? 1) - 2 * (padding[i] ?? 0) + (kernel[i] ?? 1) : n;
    });
    return opaque(rt, name, 'unpooling has no rule', [x], { shape });
  });
}

const functions: Table = {};
for (const n of [1, 2, 3]) {
  const s = String(n);
  functions[`max_pool${s}d`] = maxPool(n, `max_pool${s}d`, false);
  functions[`max_pool${s}d_with_indices`] = maxPool(n, `max_pool${s}d_with_indices`, true);
  functions[`avg_pool${s}d`] = averagePool(n);
  functions[`lp_pool${s}d`] = powerPool(n);
  functions[`max_unpool${s}d`] = unpool(n);
  functions[`adaptive_max_pool${s}d`] = adaptivePool(n, 'max', `adaptive_max_pool${s}d`);
  functions[`adaptive_avg_pool${s}d`] = adaptivePool(n, 'average', `adaptive_avg_pool${s}d`);
}

/** Regions drawn at random; the output size is what counts. */
const fractional = op(
  'fractional_max_pool2d',
  'input, kernel_size, output_size=None, output_ratio=None, return_indices=False',
  (x, a, rt) => {
    const ratio = a.output_ratio;
    const shape = spatialShape(rt, x, 2, 'fractional_max_pool2d', (n, i) => {
      if (a.output_size !== null) return perAxis(a.output_size, 2, 'output_size', rt)[i] ?? n;
      const r = itemsOf(ratio, rt)?.[i] ?? ratio;
      return typeof n === 'number' ? Math.floor(n * (typeof r === 'number' ? r : Number(rt.str(r)))) : n;
    });
    const side = integer(itemsOf(a.kernel_size, rt)?.[0] ?? a.kernel_size, 'kernel_size', rt);
    const pooled = opaque(
      rt,
      'fractional_max_pool2d',
      `maxima of random ${String(side)}×${String(side)} windows have no rule`,
      [x],
      { shape },
    );
    return withIndices(rt, flag(a.return_indices, rt), x, pooled);
  },
);

export const poolFamily: Family = { torch: functions, functional: { ...functions, fractional_max_pool2d: fractional } };
