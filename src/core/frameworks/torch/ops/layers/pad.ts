import { constant, mixture } from '../../../../initializers/index.js';
import type { Operation } from '../../../../model/index.js';
import { isKnown } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { op, type Family } from '../kit/define.js';
import { compute, opaque, unknownContent, type Content } from '../kit/make.js';
import { hasRank, isComplete, minus, plus, product, shapeText, type Sizes } from '../kit/sizes.js';
import { itemsOf, numberOf, sizeOf, Undetermined } from '../kit/values.js';
import { cutOut, type Cut } from '../shape/select.js';
import { distributionOf } from '../storage/write.js';

type Mode = Extract<Operation, { kind: 'pad' }>['mode'];
type Amounts = readonly (readonly [number, number])[];

const MODES: Readonly<Record<string, Mode>> = {
  constant: 'zeros',
  reflect: 'reflect',
  replicate: 'replicate',
  circular: 'circular',
};

/** Entries added before and after along the last axes, first to last; negative amounts take entries away. */
export function padBy(rt: Runtime, x: Tensor, amounts: Amounts, mode: Mode = 'zeros', value = 0): Tensor {
  if (!hasRank(x.shape)) return opaque(rt, 'pad', x.shape.reason, [x], { shape: x.shape, dtype: x.dtype });
  const lead = x.shape.length - amounts.length;
  const cuts: Cut[] = amounts.flatMap(([before, after], i): Cut[] => {
    const [start, end] = [Math.max(0, -before), Math.max(0, -after)];
    if (start === 0 && end === 0) return [];
    const length = minus((x.shape as Sizes)[lead + i]!, start + end);
    if (typeof length === 'number' && length < 0) rt.raise('RuntimeError', 'narrow(): length must be non-negative.');
    return [{ axis: lead + i, start, length, step: 1 }];
  });
  const inner = cuts.length > 0 ? cutOut(rt, x, cuts) : x;
  const grown = amounts.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  if (grown.every(([before, after]) => before === 0 && after === 0)) return inner;
  const own = inner.shape as Sizes;
  const shape = own.map((s, i) => (i < lead ? s : plus(s, sum(grown[i - lead]))));
  const operation: Operation = { kind: 'pad', amounts: grown, mode, value };
  return compute(rt, operation, [inner], { shape, dtype: x.dtype }, () => paddedContent(inner, shape, mode, value));
}

function sum(amount: readonly [number, number] | undefined): number {
  return (amount?.[0] ?? 0) + (amount?.[1] ?? 0);
}

function paddedContent(inner: Tensor, shape: Sizes, mode: Mode, value: number): Content {
  const d = distributionOf(inner);
  const setBy = inner.storage?.setBy;
  if (mode !== 'zeros') return { distribution: d, setBy };
  if (!isKnown(d) || !isComplete(shape) || !isComplete(inner.shape))
    return unknownContent('padding of a tensor that is not known');
  const fraction = (product(inner.shape) as number) / (product(shape) as number);
  const parts = [
    { fraction, distribution: d },
    { fraction: 1 - fraction, distribution: constant(value) },
  ];
  return { distribution: mixture(parts.filter((p) => p.fraction > 0)), setBy };
}

/** Modes other than 'constant' work on the last axes only, and may not reach past the input. */
function checkMode(rt: Runtime, shape: Sizes, mode: Mode, amounts: Amounts): void {
  const n = amounts.length;
  if (n < 1 || n > 3 || (shape.length !== n + 1 && shape.length !== n + 2))
    rt.raise(
      'NotImplementedError',
      `Padding size ${String(2 * n)} is not supported for ${String(shape.length)}D input tensor.\nSupported combinations for non-constant padding:\n  - 2D or 3D input: padding size = 2 (pads last dimension)\n  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)`,
    );
  // torch looks at the last axis first, and counts the arguments of its kernel.
  for (const [fromEnd, [before, after]] of [...amounts].reverse().entries()) {
    const axis = shape.length - 1 - fromEnd;
    const size = shape[axis];
    if (typeof size !== 'number') continue;
    if (mode === 'reflect' && (before >= size || after >= size))
      rt.raise(
        'RuntimeError',
        `Argument #${String(4 + 2 * fromEnd)}: Padding size should be less than the corresponding input dimension, but got: padding (${String(before)}, ${String(after)}) at dimension ${String(axis)} of input ${shapeText(shape)}`,
      );
    if (mode === 'circular' && (before > size || after > size))
      rt.raise('RuntimeError', 'Padding value causes wrapping around more than once.');
  }
}

const pad = op('pad', "input, pad, mode='constant', value=None", (x, a, rt) => {
  const given = itemsOf(a.pad, rt)?.map((p) => sizeOf(p, rt));
  if (!given) throw new Undetermined(rt.unknown('amounts of padding that are not known'));
  if (given.length % 2 !== 0) rt.raise('RuntimeError', 'Padding length must be divisible by 2');
  if (hasRank(x.shape) && given.length > 2 * x.shape.length)
    rt.raise(
      'RuntimeError',
      `Padding length should be less than or equal to two times the input dimension but got padding length ${String(given.length)} and input of dimension ${String(x.shape.length)}`,
    );
  const mode =
    MODES[typeof a.mode === 'string' ? a.mode : ''] ??
    rt.raise('NotImplementedError', `Unrecognised padding mode ${rt.str(a.mode)}`);
  // torch names the last axis first.
  const pairs = Array.from(
    { length: given.length / 2 },
    (_, i) => given.slice(2 * i, 2 * i + 2) as [Size, Size],
  ).reverse();
  const amounts = pairs.filter((p): p is [number, number] => p.every((n) => typeof n === 'number'));
  if (amounts.length < pairs.length) {
    const lead = hasRank(x.shape) ? x.shape.length - pairs.length : 0;
    const shape = hasRank(x.shape)
      ? x.shape.map((s, i) => (i < lead ? s : pairs[i - lead]!.reduce<Size>(plus, s)))
      : x.shape;
    return opaque(rt, 'pad', 'amounts of padding that are not known', [x], { shape, dtype: x.dtype });
  }
  if (hasRank(x.shape) && mode !== 'zeros') checkMode(rt, x.shape, mode, amounts);
  return padBy(rt, x, amounts, mode, a.value === null ? 0 : (numberOf(a.value) ?? 0));
});

export const padFamily: Family = { functional: { pad } };
