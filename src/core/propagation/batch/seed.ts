import type { InputStatistics, Model, ParameterId, ValueId } from '../../model/index.js';
import type { Kernels } from '../kernels/types.js';
import { secondMoment } from './draw/moments.js';
import { planRun, type FiniteEngine, type Plan } from './plan.js';
import { Run } from './run.js';
import {
  measureBackward,
  measureForward,
  measureUnits,
  type BackwardStatistics,
  type ForwardStatistics,
  type UnitStatistics,
} from './statistics/measure.js';
import { numbersOf, sizeOf } from './tensor/tensor.js';

/** Everything one seed has shown. Plain data: seeds may run in workers of their own. */
export interface SeedStatistics {
  readonly forward: readonly (readonly [ValueId, ForwardStatistics])[];
  readonly backward: readonly (readonly [ValueId, BackwardStatistics])[];
  /** By an activation's output. */
  readonly units: readonly (readonly [ValueId, UnitStatistics])[];
  readonly weights: readonly WeightStatistics[];
  readonly unknown: readonly (readonly [ValueId, string])[];
  /** By node. */
  readonly notes: readonly (readonly string[])[];
}

export interface WeightStatistics {
  readonly parameter: ParameterId;
  /** Mean of (∂L/∂w)² over the entries. */
  readonly meanSquare: number;
  /** Root mean square of the gradient over that of the weight. */
  readonly ratio?: number | undefined;
}

export interface SeedOptions {
  /** Batch statistics and dropout on. Default true. */
  readonly training?: boolean | undefined;
  /** By input, in their order; iid N(0,1) where absent. */
  readonly inputs?: readonly (InputStatistics | undefined)[] | undefined;
  /** Bytes that the run may take. */
  readonly memoryLimit: number;
  /** Called between nodes; answering true ends the run, which then has no result. */
  readonly step?: ((done: number, all: number) => boolean) | undefined;
}

/** Share of the memory up to which weights are kept: the rest is for what steps need in passing, and the program itself. */
const KEPT = 0.7;

export type Simulated = Pick<Model, 'graph' | 'parameters' | 'layers'>;

/** Values that anybody will ask for: what layers give, and what goes into a layer's own activation. */
export function observedValues(model: Simulated): Set<ValueId> {
  const observed = new Set<ValueId>();
  for (const layer of model.layers) {
    observed.add(layer.output);
    const before = model.graph.nodes[layer.nodes[1] - 1]?.inputs[0];
    if (layer.kind === 'module' && before !== undefined) observed.add(before);
  }
  return observed;
}

export function planOf(model: Simulated, engine: FiniteEngine, memoryLimit: number): Plan {
  return planRun(model.graph, model.parameters, { engine, denseBytes: memoryLimit / 4 });
}

/** The largest weight and its gradient: both have to be there at once. */
function bytesOfLargest(model: Simulated, plan: Plan): number {
  let largest = 0;
  for (const id of plan.uses.keys())
    if (!plan.mapped.has(id) && !plan.lookups.has(id))
      largest = Math.max(largest, sizeOf(numbersOf(model.parameters[id]?.shape ?? []) ?? []));
  return 8 * largest;
}

/** One draw of all weights, one batch, one random loss. Undefined when it was stopped. */
export function simulateSeed(
  model: Simulated,
  seed: number,
  kernels: Kernels,
  options: SeedOptions,
  plan: Plan,
): SeedStatistics | undefined {
  const observed = observedValues(model);
  const forward = new Map<ValueId, ForwardStatistics>();
  const backward = new Map<ValueId, BackwardStatistics>();
  const units = new Map<ValueId, UnitStatistics>();
  const run = new Run(
    plan,
    model.parameters,
    kernels,
    {
      seed,
      training: options.training ?? true,
      inputs: options.inputs,
      room: Math.max(0, KEPT * options.memoryLimit - plan.bytes - bytesOfLargest(model, plan)),
    },
    {
      forward(v, t, node, inputs) {
        if (!observed.has(v) || t.data.length === 0) return;
        forward.set(v, measureForward(kernels, t));
        if (node.operation.kind === 'activation' && inputs[0] !== undefined)
          units.set(v, measureUnits(node.operation, inputs[0], t));
      },
      backward(v, g) {
        if (observed.has(v)) backward.set(v, measureBackward(kernels, g));
      },
      ...(options.step === undefined ? {} : { step: options.step }),
    },
  ).run();
  if (!run.finished) return undefined;
  return {
    forward: [...forward],
    backward: [...backward],
    units: [...units],
    weights: [...run.squares].map(([id, squares]) => weightStatistics(model, id, squares)),
    unknown: [...run.unknown],
    notes: run.notes,
  };
}

function weightStatistics(model: Simulated, parameter: ParameterId, squares: number): WeightStatistics {
  const p = model.parameters[parameter];
  const meanSquare = squares / Math.max(1, sizeOf((p?.shape ?? []) as readonly number[]));
  const weight = p === undefined ? undefined : secondMoment(p.distribution);
  return {
    parameter,
    meanSquare,
    ratio: weight !== undefined && weight > 0 ? Math.sqrt(meanSquare / weight) : undefined,
  };
}
