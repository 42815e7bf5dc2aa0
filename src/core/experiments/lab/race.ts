import type { Band } from '../../model/index.js';
import { bandOf } from '../../propagation/batch/statistics/merge.js';
import { classesOf, fittedSamples, misfit, shapeOf, type RaceData } from '../data/fitted.js';
import type { LabelledImages } from '../data/idx.js';
import { MOST_RACE_WEIGHTS } from '../limits.js';
import { Random } from '../random.js';
import { finiteLoss } from '../training/losses.js';
import { Trainer, type Trainable } from '../training/trainer.js';
import type { Bench, Running } from './experiment.js';

/** The same model, data and seeds from several starts: who learns, and how fast. */
export interface RaceSettings {
  readonly data: RaceData;
  readonly learningRate: number;
  readonly momentum: number;
  /** Independent draws a lane. */
  readonly seeds: number;
  readonly seed: number;
}

export const RACE: RaceSettings = { data: 'teacher', learningRate: 0.05, momentum: 0, seeds: 3, seed: 1 };

/** A model with its weights' laws as this lane has them, traced for the batch size of the race. */
export interface RaceLane {
  readonly name: string;
  readonly model: Trainable;
}

export interface Lanes {
  readonly lanes: readonly RaceLane[];
  readonly leftOut: readonly LeftOut[];
}

export interface LaneFrame {
  readonly name: string;
  /** Loss i is that of step i, over the seeds; a draw whose loss is not finite counts as `BEYOND`. */
  readonly losses: readonly Band[];
  /** Share of wrong answers in [0, 1], averaged over about the last 20 steps; before the first, that of guessing. */
  readonly error: number;
  /** Draws whose loss is no longer finite. */
  readonly diverged: number;
}

export interface RaceFrame {
  readonly step: number;
  /** The loss of guessing. */
  readonly chance: number;
  readonly lanes: readonly LaneFrame[];
  /** Starts that the model can't take, with the reason each. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/** Steps after which a race is over: curves stay readable and frames small. */
export const RACE_STEPS = 400;

function weightsOf({ parameters }: Trainable): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce<number>((a, b) => a * Number(b), 1), 0);
}

/** Throws with a word for the user when the model can't be trained on these data. */
export function runRace(
  settings: RaceSettings,
  { lanes, leftOut }: Lanes,
  images: LabelledImages | undefined,
  { fast }: Bench,
): Running<RaceFrame> {
  const graph = lanes[0]?.model.graph;
  if (graph === undefined)
    throw new RangeError(['nothing to race', ...leftOut.map(({ name, reason }) => `${name}: ${reason}`)].join('; '));
  const shape = shapeOf(graph);
  if ('refused' in shape) throw new RangeError(`this model can’t race: ${shape.refused}`);
  const why = misfit(settings.data, shape);
  if (why !== undefined) throw new RangeError(`these data don’t fit the model: ${why}`);
  const { data, learningRate, momentum, seeds, seed } = settings;
  const weights = seeds * lanes.reduce((sum, { model }) => sum + weightsOf(model), 0) * (momentum > 0 ? 2 : 1);
  if (weights > MOST_RACE_WEIGHTS)
    throw new RangeError(
      `this race would hold ${Math.round(weights / 1e6)} million weights, and there is room for ${MOST_RACE_WEIGHTS / 1e6} million: take fewer starts or draws, or smaller layers`,
    );
  const samples = fittedSamples(data, shape, images, seed);
  const batch = graph.values[graph.inputs[0]!]!.shape[0] as number;
  const loss = shape.outputs === 1 ? 'binaryCrossEntropy' : 'crossEntropy';
  const runners = lanes.map(({ name, model }) => ({
    name,
    draws: Array.from({ length: seeds }, (_, i) => ({
      trainer: new Trainer(model, fast, { loss, learningRate, momentum, seed: seed + i }),
      random: new Random(seed + i, 3),
      diverged: false,
      error: 1 - 1 / classesOf(shape),
    })),
    losses: [] as Band[],
  }));
  let step = 0;

  const batchOf = (random: Random): { inputs: Float32Array; targets: Uint8Array } => {
    const inputs = new Float32Array(batch * samples.size);
    const targets = new Uint8Array(batch);
    for (let i = 0; i < batch; i++) {
      const s = random.below(samples.labels.length);
      inputs.set(samples.inputs.subarray(s * samples.size, (s + 1) * samples.size), i * samples.size);
      targets[i] = samples.labels[s]!;
    }
    return { inputs, targets };
  };

  return {
    get isOver() {
      return step >= RACE_STEPS;
    },
    step() {
      for (const runner of runners) {
        const losses = runner.draws.map((draw) => {
          if (draw.diverged) return Infinity;
          const result = draw.trainer.step(batchOf(draw.random));
          draw.diverged = !Number.isFinite(result.loss);
          const error = result.error ?? 1;
          draw.error += (error - draw.error) / Math.min(20, step + 1);
          return result.loss;
        });
        runner.losses.push(bandOf(losses.map(finiteLoss)));
      }
      step++;
    },
    frame: () => ({
      step,
      chance: Math.log(classesOf(shape)),
      lanes: runners.map(({ name, draws, losses }) => ({
        name,
        losses: [...losses],
        error: draws.reduce((sum, d) => sum + (d.diverged ? 1 : d.error), 0) / draws.length,
        diverged: draws.filter((d) => d.diverged).length,
      })),
      leftOut,
    }),
  };
}
