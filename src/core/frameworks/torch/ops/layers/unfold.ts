import type { Window } from '../../../../model/index.js';
import type { Runtime, Value } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { axisOf } from '../kit/axes.js';
import { op, type Family } from '../kit/define.js';
import { compute, isTraced } from '../kit/make.js';
import { hasRank, over, plus, product, symbol, times, type Sizes } from '../kit/sizes.js';
import { integer, perAxis, sizeOf } from '../kit/values.js';
import { windowed } from '../products/convolution.js';
import { moveAxes } from '../shape/permute.js';
import { reshapeTo } from '../shape/reshape.js';
import { cutOut } from '../shape/select.js';
import { view } from '../storage/layout.js';
import { inBatch, outputSizes } from './pool.js';

function windowOf(rt: Runtime, a: { kernel_size: Value; dilation: Value; padding: Value; stride: Value }): Window {
  const kernel = perAxis(a.kernel_size, 2, 'kernel_size', rt);
  return {
    kernel,
    stride: perAxis(a.stride, 2, 'stride', rt),
    padding: perAxis(a.padding, 2, 'padding', rt).map((p) => [p, p]),
    dilation: perAxis(a.dilation, 2, 'dilation', rt),
  };
}

function tuple(numbers: readonly number[]): string {
  return `(${numbers.join(', ')})`;
}

/** (N, C, H, W) to (N, C·k², windows). */
const unfold = op('unfold', 'input, kernel_size, dilation=1, padding=0, stride=1', (x, a, rt) => {
  const window = windowOf(rt, a);
  return inBatch(rt, x, 2, 'unfold', (t) => {
    if (!hasRank(t.shape)) return compute(rt, { kind: 'unfold', window }, [t], { shape: t.shape });
    const [n = 1, c = 1, ...rest] = t.shape;
    const windows = product(rest.map((s, i) => windowed(s, window, i)));
    return compute(rt, { kind: 'unfold', window }, [t], { shape: [n, times(c, product(window.kernel)), windows] });
  });
});

const fold = op('fold', 'input, output_size, kernel_size, dilation=1, padding=0, stride=1', (x, a, rt) => {
  const window = windowOf(rt, a);
  const output = outputSizes(rt, a.output_size, 2, [1, 1, 1, 1]);
  return inBatch(rt, x, 1, 'fold', (t) => {
    if (!hasRank(t.shape)) return compute(rt, { kind: 'fold', window }, [t], { shape: t.shape });
    const [n = 1, c = 1] = t.shape;
    const windows = product(output.map((s, i) => windowed(s, window, i)));
    const own = t.shape[2];
    if (typeof windows === 'number' && typeof own === 'number' && windows !== own)
      rt.raise(
        'RuntimeError',
        `Given output_size=(${output.map(String).join(', ')}), kernel_size=${tuple(window.kernel)}, dilation=${tuple(window.dilation)}, padding=${tuple(window.padding.map((p) => p[0]))}, stride=${tuple(window.stride)}, expected size of input's dimension 2 to match the calculated number of sliding blocks ${output.map((s, i) => symbol(windowed(s, window, i))).join(' * ')} = ${String(windows)}, but got input.size(2)=${String(own)}.`,
      );
    return compute(rt, { kind: 'fold', window }, [t], { shape: [n, over(c, product(window.kernel)), ...output] });
  });
});

/** Tensor.unfold: windows along one axis become a new last axis. */
const unfoldMethod = op('unfold', 'input, dimension, size, step', (x, a, rt) => {
  if (!hasRank(x.shape)) return compute(rt, { kind: 'select' }, [x], { shape: x.shape, dtype: x.dtype });
  const own: Sizes = x.shape;
  const axis = axisOf(a.dimension, own.length, rt);
  const [size, step] = [sizeOf(a.size, rt), integer(a.step, 'step', rt)];
  const length = own[axis]!;
  if (typeof size === 'number' && typeof length === 'number' && size > length)
    rt.raise(
      'RuntimeError',
      `maximum size for tensor at dimension ${String(axis)} is ${String(length)} but size is ${String(size)}`,
    );
  const count = plus(over(plus(length, typeof size === 'number' ? -size : size), step), 1);
  if (isTraced([x]) && step === size && own.length > 0) return sideBySide(rt, x, axis, count, step);
  const shape = [...own.map((s, i) => (i === axis ? count : s)), size];
  return view(rt, x, { kind: 'select' }, shape, (l) => ({
    offset: l.offset,
    strides: [...l.strides.map((s, i) => (i === axis ? s * step : s)), l.strides[axis]!],
  }));
});

/** Windows that don't overlap are the same entries in another shape. */
function sideBySide(rt: Runtime, x: Tensor, axis: number, count: Size, size: number): Tensor {
  const own = x.shape as Sizes;
  const used = times(count, size);
  const whole = own[axis] === used ? x : cutOut(rt, x, [{ axis, start: 0, length: used, step: 1 }]);
  const split = reshapeTo(rt, whole, [...own.slice(0, axis), count, size, ...own.slice(axis + 1)]);
  return moveAxes(rt, split, [axis + 1], [own.length]);
}

export const unfolds: Family = { functional: { unfold, fold }, methods: { unfold: unfoldMethod } };
