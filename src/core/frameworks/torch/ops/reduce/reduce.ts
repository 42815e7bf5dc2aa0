import type { Runtime, Value } from '../../../../python/values/index.js';
import type { DType, Tensor } from '../../tensor.js';
import { axesOf } from '../kit/axes.js';
import { compute } from '../kit/make.js';
import { hasRank, type Shape } from '../kit/sizes.js';
import type { How } from './estimate.js';
import { grouped } from './lanes.js';
import { reducedContent, without } from './over.js';
import { largest, lengthOf, logSumExp, meanOf, productOf, smallest, sumOf, varianceOf } from './totals.js';

export { grouped as groupsOf };
export { reductions } from './index.js';

const FUNCTIONS: Readonly<Record<How, (group: readonly number[]) => number>> = {
  sum: sumOf,
  mean: meanOf,
  prod: productOf,
  max: largest,
  min: smallest,
  norm: lengthOf,
  logsumexp: logSumExp,
  variance: (g) => varianceOf(g, 1),
  std: (g) => Math.sqrt(varianceOf(g, 1)),
};

/** A `dim` argument as axes; none where their number isn't known. */
export function dimsOf(x: Tensor, dim: Value, rt: Runtime): readonly number[] {
  if (!hasRank(x.shape)) return [];
  const axes = axesOf(dim, Math.max(1, x.shape.length), rt);
  return x.shape.length === 0 ? [] : axes;
}

export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return hasRank(shape) ? without(shape, axes, keepDims) : shape;
}

/** A reduction over axes that are known already. */
export function reduceAxes(
  rt: Runtime,
  x: Tensor,
  how: How,
  axes: readonly number[],
  keepDims: boolean,
  out: { readonly dtype?: DType } = {},
): Tensor {
  const shape = reducedShape(x.shape, axes, keepDims);
  return compute(rt, { kind: 'reduce', how, axes, keepDims }, [x], { shape, ...out }, () =>
    reducedContent(x, axes, how, FUNCTIONS[how], how),
  );
}
