import { isKnown, type Graph, type Parameter, type ValueId } from '../../model/index.js';
import { drawInto } from '../../propagation/batch/draw/draw.js';
import { planRun, type Plan } from '../../propagation/batch/plan.js';
import { Run, type Observer } from '../../propagation/batch/run.js';
import { numbersOf, sizeOf } from '../../propagation/batch/tensor/tensor.js';
import type { Kernels } from '../../propagation/kernels/index.js';
import { lossOutput } from '../../propagation/loss.js';
import { lossOf, type LossKind, type LossResult } from './losses.js';

export interface Trainable {
  readonly graph: Graph;
  readonly parameters: readonly Pick<Parameter, 'name' | 'shape' | 'distribution'>[];
}

export interface Batch {
  /** Entries of the model's input, sample by sample. */
  readonly inputs: ArrayLike<number>;
  /** As `lossOf` wants them. */
  readonly targets: ArrayLike<number>;
}

export interface TrainerOptions {
  readonly loss: LossKind;
  readonly learningRate: number;
  /** Share of the last step that is taken again (Polyak 1964). Default 0. */
  readonly momentum?: number | undefined;
  readonly seed: number;
}

/** Memory that draws may be kept in: none, since a trainer holds its weights itself. */
const NO_ROOM = 0;

/**
 * Gradient descent on a traced graph. The gradient is that of the executor that the finite-width engine runs on, so
 * whatever can be simulated can be trained. The graph is made for batches of one size.
 */
export class Trainer {
  /** Entries by parameter, to be looked at. */
  readonly weights: readonly Float32Array[];
  private readonly velocities: readonly Float32Array[];
  private readonly plan: Plan;
  private readonly output: ValueId;
  private readonly units: number;
  private readonly gradient: Float32Array;
  private steps = 0;

  /** Throws when a parameter's law or size is not known. */
  constructor(
    private readonly model: Trainable,
    private readonly kernels: Kernels,
    private readonly options: TrainerOptions,
  ) {
    this.plan = planRun(model.graph, []);
    this.output = lossOutput(model.graph) ?? -1;
    const shape = this.plan.shapes[this.output];
    if (shape === undefined) throw new RangeError('the size of the model’s output is not known');
    this.units = shape.at(-1) ?? 1;
    this.gradient = new Float32Array(sizeOf(shape));
    this.weights = model.parameters.map((_, i) => this.draw(i));
    this.velocities = (options.momentum ?? 0) === 0 ? [] : this.weights.map((w) => new Float32Array(w.length));
  }

  private draw(i: number): Float32Array {
    const { name, shape: sizes, distribution } = this.model.parameters[i]!;
    const shape = numbersOf(sizes);
    if (shape === undefined || !isKnown(distribution))
      throw new RangeError(`how ${name} starts is not known, so it can’t be trained`);
    const data = this.kernels.allocate(sizeOf(shape));
    this.kernels.seed(this.options.seed, 2 * i);
    drawInto(this.kernels, distribution, { shape, data });
    const own = data.slice();
    this.kernels.free(data);
    return own;
  }

  /** Sets a parameter's entries. */
  set(parameter: number, entries: ArrayLike<number>): void {
    this.weights[parameter]?.set(entries);
  }

  /** One step down the gradient of the batch's loss; answers the loss before it. `watch` sees values and gradients. */
  step(batch: Batch, watch: Pick<Observer, 'forward' | 'backward' | 'gradient'> = {}): LossResult {
    const { learningRate, momentum = 0 } = this.options;
    const updates: (() => void)[] = [];
    const result = this.run(batch, {
      ...watch,
      gradient: (id, g) => {
        watch.gradient?.(id, g);
        const w = this.weights[id]!;
        const velocity = this.velocities[id];
        // The parameter may still be read on the way back: it changes when the whole gradient is there.
        const entries = g.data.slice(0, w.length);
        updates.push(() => {
          if (velocity === undefined) for (let i = 0; i < w.length; i++) w[i] = w[i]! - learningRate * entries[i]!;
          else
            for (let i = 0; i < w.length; i++) {
              velocity[i] = momentum * velocity[i]! + entries[i]!;
              w[i] = w[i]! - learningRate * velocity[i]!;
            }
        });
      },
    });
    if (Number.isFinite(result.loss)) for (const update of updates) update();
    this.steps++;
    return result;
  }

  /** The loss alone. */
  evaluate(batch: Batch, watch: Pick<Observer, 'forward'> = {}): LossResult {
    const { nodes } = this.model.graph;
    return this.run(batch, { ...watch, step: (done) => done >= nodes.length }, 0);
  }

  private run(batch: Batch, observer: Observer, seed = this.options.seed + this.steps): LossResult {
    let result: LossResult = { loss: Infinity, error: 1 };
    const gradients = new Map<ValueId, Float32Array>();
    const input = this.model.graph.inputs[0] ?? -1;
    new Run(
      this.plan,
      this.model.parameters,
      this.kernels,
      {
        seed,
        training: true,
        room: NO_ROOM,
        given: {
          inputs: new Map([[input, batch.inputs]]),
          parameters: new Map(this.weights.map((w, i) => [i, w])),
          gradients,
        },
      },
      {
        ...observer,
        forward: (v, t, node, inputs) => {
          observer.forward?.(v, t, node, inputs);
          if (v !== this.output) return;
          const entries = t.data.subarray(0, this.gradient.length);
          result = lossOf(this.options.loss, entries, batch.targets, this.units, this.gradient);
          gradients.set(v, this.gradient);
        },
      },
    ).run();
    return result;
  }
}
