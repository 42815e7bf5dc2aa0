import type { Runtime } from '../../../../python/values/index.js';
import type { Size, Tensor } from '../../tensor.js';
import { fn, op, optionalTensor, tensorArgument, type Family } from '../kit/define.js';
import { compute } from '../kit/make.js';
import { hasRank, product, symbol, type Shape, type Sizes } from '../kit/sizes.js';
import { addBias, biasField, weightOf } from './weights.js';

/** y = x·Wᵀ + b with W (out, in); with `transposed`, W is (in, out). */
export function linear(rt: Runtime, x: Tensor, weight: Tensor, bias: Tensor | null, transposed = false): Tensor {
  const shape = linearShape(rt, x.shape, weight.shape, transposed);
  const { weight: id, inputs } = weightOf(weight, [x]);
  const operation = {
    kind: 'linear',
    weight: id,
    ...biasField(bias),
    ...(transposed ? { transposed: true } : {}),
  } as const;
  return addBias(rt, compute(rt, operation, inputs, { shape }), bias);
}

function linearShape(rt: Runtime, x: Shape, weight: Shape, transposed: boolean): Shape {
  if (!hasRank(x)) return x;
  if (!hasRank(weight)) return [...x.slice(0, -1), weight.as('?')];
  const [out, into] = weightSides(weight, transposed);
  const last = x.at(-1);
  if (typeof last === 'number' && typeof into === 'number' && last !== into) {
    const rows = symbol(product(x.slice(0, -1)));
    rt.raise(
      'RuntimeError',
      x.length === 1
        ? `size mismatch, got input (${symbol(out ?? 1)}), mat (${symbol(out ?? 1)}x${into}), vec (${last})`
        : `mat1 and mat2 shapes cannot be multiplied (${rows}x${last} and ${into}x${symbol(out ?? 1)})`,
    );
  }
  return out === undefined ? x.slice(0, -1) : [...x.slice(0, -1), out];
}

/** [out, in]; a weight of one axis has no `out`. */
function weightSides(weight: Sizes, transposed: boolean): readonly [Size | undefined, Size | undefined] {
  if (weight.length === 1) return [undefined, weight[0]];
  return transposed ? [weight[1], weight[0]] : [weight[0], weight[1]];
}

const linearFunction = op('linear', 'input, weight, bias=None', (x, a, rt) =>
  linear(rt, x, tensorArgument(a.weight, 'linear', 'weight', rt), optionalTensor(a.bias, 'linear', 'bias', rt)),
);

const bilinear = fn('bilinear', 'input1, input2, weight, bias=None', (a, rt) => {
  const [x, y, w] = [
    tensorArgument(a.input1, 'bilinear', 'input1', rt),
    tensorArgument(a.input2, 'bilinear', 'input2', rt),
    tensorArgument(a.weight, 'bilinear', 'weight', rt),
  ];
  const bias = optionalTensor(a.bias, 'bilinear', 'bias', rt);
  const shape: Shape = hasRank(x.shape) ? [...x.shape.slice(0, -1), hasRank(w.shape) ? w.shape[0]! : w.shape] : x.shape;
  if (
    hasRank(x.shape) &&
    hasRank(w.shape) &&
    typeof x.shape.at(-1) === 'number' &&
    typeof w.shape[1] === 'number' &&
    x.shape.at(-1) !== w.shape[1]
  )
    rt.raise(
      'RuntimeError',
      `bilinear(): input1 size does not match weight size: got ${String(x.shape.at(-1))} but expected ${String(w.shape[1])}`,
    );
  const { weight, inputs } = weightOf(w, [x, y]);
  return addBias(rt, compute(rt, { kind: 'bilinear', weight, ...biasField(bias) }, inputs, { shape }), bias);
});

export const linears: Family = { functional: { linear: linearFunction, bilinear }, torch: { bilinear } };
