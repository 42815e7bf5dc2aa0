import type { GraphNode, Model, ParameterId } from '../../model/index.js';
import { productCost } from '../sampler/index.js';
import { parametersOf } from '../parameters-of.js';
import type { Plan } from './plan.js';
import { convolutionCost } from './rules/convolution.js';
import { sizeOf } from './tensor/tensor.js';

/** Entries of a value take so many multiply-adds' time, forward, back and measured: memory has to keep up. Measured. */
const PER_ENTRY = 200;
/** A normalization goes over its entries once more, each way. */
const PER_NORMALIZED = 20;
/** What a window of a pooling sees of one place, one way. */
const PER_POOLED = 130;
/** Products of activations are many and small: each multiply-add takes so much longer. */
const PER_SMALL_PRODUCT = 5;
/** A drawn weight, and its gradient. */
const PER_WEIGHT = 280;
/** Forward, the gradient of the input, and that of the weight. */
const PASSES = 3;

/**
 * Multiply-adds, or what takes as long, of one seed there and back; infinite where a size is not known. With `share` of
 * the samples only weights take as long as before.
 */
export function workOf(plan: Plan, parameters: Model['parameters'], share = 1): number {
  const sizes = plan.shapes.map((shape) => (shape === undefined ? Infinity : sizeOf(shape)));
  const weightSize = (id: ParameterId): number => sizeOf((parameters[id]?.shape ?? []) as readonly number[]);
  let work = 0;
  const drawn = new Set<ParameterId>();
  plan.graph.nodes.forEach((node, i) => {
    const passes = plan.live[i] === true ? PASSES : 1;
    const entries = [...node.inputs, ...node.outputs].reduce((sum, v) => sum + sizes[v]!, 0);
    work += (PER_ENTRY / 2) * entries + passes * products(node, plan, sizes, weightSize);
    for (const id of parametersOf(node.operation)) if (!plan.mapped.has(id)) drawn.add(id);
  });
  work *= share;
  for (const id of drawn) work += PER_WEIGHT * weightSize(id);
  for (const weight of plan.mapped.values())
    work += productCost({ ...weight, columns: Math.ceil(share * weight.columns) });
  return work;
}

/** Multiply-adds of one way; those of mapped weights are counted by themselves. */
function products(
  { operation: op, inputs, outputs }: GraphNode,
  plan: Plan,
  sizes: readonly number[],
  weightSize: (id: ParameterId) => number,
): number {
  const x = sizes[inputs[0] ?? -1] ?? 0;
  const y = sizes[outputs[0] ?? -1] ?? 0;
  const last = (v: number | undefined): number => (v === undefined ? 1 : (plan.shapes[v]?.at(-1) ?? 1));
  switch (op.kind) {
    case 'linear':
      return typeof op.weight === 'number' && plan.mapped.has(op.weight) ? 0 : y * last(inputs[0]);
    case 'convolution': {
      const [from, to] = [plan.shapes[inputs[0] ?? -1], plan.shapes[outputs[0] ?? -1]];
      return from === undefined || to === undefined ? Infinity : convolutionCost(op, from, to);
    }
    case 'recurrent': {
      const steps = op.single ? 1 : x / Math.max(1, last(inputs[0]));
      return steps * op.parameters.reduce((sum, id) => sum + weightSize(id), 0);
    }
    case 'bilinear':
      return typeof op.weight === 'number' ? (y / Math.max(1, last(outputs[0]))) * weightSize(op.weight) : 0;
    case 'matmul':
      return PER_SMALL_PRODUCT * y * last(inputs[0]);
    case 'attention':
      return 2 * PER_SMALL_PRODUCT * x * (plan.shapes[inputs[1] ?? -1]?.at(-2) ?? 1);
    case 'einsum':
      return x * last(outputs[0]);
    case 'pool':
      return PER_POOLED * y * sizeOf(op.window.kernel);
    case 'normalize':
      return PER_NORMALIZED * (x + y);
    default:
      return 0;
  }
}
