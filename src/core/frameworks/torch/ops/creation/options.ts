import type { Runtime, Value } from '../../../../python/values/index.js';
import { kindOf } from '../../dtype.js';
import type { DType, Tensor } from '../../tensor.js';
import { makeConstant, type Content } from '../kit/make.js';
import { hasRank, shapeText, type Shape } from '../kit/sizes.js';
import { flag } from '../kit/values.js';

/** Keyword arguments that every function that makes a tensor takes. */
export const OPTIONS =
  'out=None, dtype=None, layout=None, device=None, requires_grad=False, pin_memory=False, memory_format=None, generator=None, names=None';

export interface Options {
  readonly dtype: Value;
  readonly requires_grad: Value;
}

export function made(
  rt: Runtime,
  what: string,
  shape: Shape,
  options: Options,
  usual: DType,
  content: Content,
): Tensor {
  if (hasRank(shape)) {
    const negative = shape.find((s) => typeof s === 'number' && s < 0);
    if (negative !== undefined)
      rt.raise(
        'RuntimeError',
        `Trying to create tensor with negative dimension ${String(negative)}: ${shapeText(shape)}`,
      );
  }
  const t = makeConstant(rt, what, shape, kindOf(options.dtype) ?? usual, content);
  t.requiresGrad = flag(options.requires_grad, rt);
  return t;
}
