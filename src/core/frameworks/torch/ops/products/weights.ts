import type { ParameterId, Weight } from '../../../../model/index.js';
import type { Runtime } from '../../../../python/values/index.js';
import { torchState } from '../../context.js';
import type { Tensor } from '../../tensor.js';
import { isWeight } from '../../trace.js';
import { arithmetic } from '../pointwise/arithmetic.js';
import { hasRank, type Sizes } from '../kit/sizes.js';
import { reshapeTo } from '../shape/reshape.js';

/** The id of a tensor that is a parameter as it stands; `undefined` for anything computed. */
export function parameterOf(t: Tensor | null): ParameterId | undefined {
  const { tracer } = torchState();
  return t && isWeight(t) && t.region === null && tracer.active ? tracer.parameterId(t) : undefined;
}

/** How a layer's node names its weight, and the inputs that it then has. */
export function weightOf(
  weight: Tensor,
  inputs: readonly Tensor[],
): { readonly weight: Weight; readonly inputs: readonly Tensor[] } {
  const id = parameterOf(weight);
  return id === undefined ? { weight: 'input', inputs: [...inputs, weight] } : { weight: id, inputs };
}

/** The field of a node for a bias that is a parameter. */
export function biasField(bias: Tensor | null): { readonly bias?: ParameterId } {
  const id = parameterOf(bias);
  return id === undefined ? {} : { bias: id };
}

/** Adds a bias that is no parameter; `axis` is where its entries belong (the last by default). */
export function addBias(rt: Runtime, y: Tensor, bias: Tensor | null, axis = -1): Tensor {
  if (!bias || parameterOf(bias) !== undefined) return y;
  return along(rt, 'add', y, bias, axis);
}

/** y ∘ v with v's entries along one axis of y. */
export function along(rt: Runtime, kind: 'add' | 'multiply', y: Tensor, v: Tensor, axis: number): Tensor {
  const other = axis === -1 ? v : reshapeTo(rt, v, alongShape(v, y, axis));
  return arithmetic(rt, kind, { tensor: y, dtype: y.dtype }, { tensor: other, dtype: other.dtype }) as Tensor;
}

function alongShape(v: Tensor, y: Tensor, axis: number): Tensor['shape'] {
  if (!hasRank(v.shape) || !hasRank(y.shape)) return v.shape;
  const tail: Sizes = new Array<number>(Math.max(0, y.shape.length - axis - 1)).fill(1);
  return [...v.shape, ...tail];
}
