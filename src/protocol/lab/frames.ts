import * as v from 'valibot';
import type {
  DerivationFrame,
  DigitsFrame,
  ProductsFrame,
  RaceFrame,
  RegimesFrame,
  ScaleFrame,
  SymmetryFrame,
} from '../../core/experiments/index.js';

/** What the Lab's page is given to draw, by experiment. */

const numbers = v.array(v.number());
const rows = v.array(numbers);
const curve = v.object({ every: v.number(), losses: numbers });
const histogram = v.object({ limit: v.number(), counts: numbers });
const band = v.object({ low: v.number(), median: v.number(), high: v.number() });
const verdict = v.picklist(['starting', 'still', 'slow', 'learning', 'diverged', 'stuck']);
const regime = v.picklist(['linear', 'flat', 'between']);
const shares = v.object({ linear: v.number(), flat: v.number(), between: v.number() });
/** Not measured yet. */
const measured = v.nullable(v.number());

const symmetryFrame = v.object({
  step: v.number(),
  loss: v.number(),
  curve,
  layers: v.array(v.object({ weights: rows, biases: numbers, gradients: rows })),
  activations: rows,
  identical: v.boolean(),
  different: numbers,
  apart: v.number(),
  moves: v.boolean(),
}) satisfies v.GenericSchema<unknown, SymmetryFrame>;

const scaleFrame = v.object({
  step: v.number(),
  loss: v.number(),
  error: v.number(),
  curve,
  verdict,
  points: numbers,
  labels: numbers,
  surface: numbers,
  grid: v.number(),
  layers: v.array(v.object({ signal: v.number(), gradient: v.number() })),
  saturated: v.number(),
  dead: v.number(),
}) satisfies v.GenericSchema<unknown, ScaleFrame>;

const scatter = v.object({ overall: numbers, low: numbers, high: numbers });

const productsFrame = v.object({
  identity: numbers,
  identityGradient: numbers,
  random: scatter,
  randomGradient: scatter,
  expected: numbers,
  expectedGradient: numbers,
  draws: v.number(),
}) satisfies v.GenericSchema<unknown, ProductsFrame>;

const digitsFrame = v.object({
  step: v.number(),
  seen: v.number(),
  loss: v.number(),
  error: v.number(),
  curve,
  verdict,
  layers: v.array(
    v.object({
      activations: histogram,
      activationStd: v.number(),
      gradients: histogram,
      gradientStd: v.number(),
      saturated: v.number(),
    }),
  ),
  shown: v.object({
    rows: v.number(),
    columns: v.number(),
    pixels: v.instance(Uint8Array),
    labels: numbers,
    answers: numbers,
  }),
}) satisfies v.GenericSchema<unknown, DigitsFrame>;

const regimesFrame = v.object({
  layers: v.array(
    v.object({
      weightVariance: v.number(),
      variance: v.number(),
      expected: shares,
      histogram,
      measuredVariance: v.number(),
      measured: shares,
    }),
  ),
  draws: v.number(),
  curve: v.array(v.object({ z: v.number(), value: v.number(), slope: v.number() })),
  borders: numbers,
  regimes: v.array(regime),
}) satisfies v.GenericSchema<unknown, RegimesFrame>;

const derivationFrame = v.object({
  layers: v.array(
    v.object({
      fanIn: v.number(),
      fanOut: v.number(),
      weightVariance: v.number(),
      bound: v.number(),
      forwardVariance: v.number(),
      backwardVariance: v.number(),
      glorotVariance: v.number(),
      glorotBound: v.number(),
      inputSecond: v.number(),
      factor: v.number(),
      expected: v.number(),
      linear: v.number(),
      measured,
      expectedGradient: v.number(),
      measuredGradient: measured,
    }),
  ),
  cases: v.array(v.object({ product: v.number(), expected: numbers })),
  draws: v.number(),
  broken: v.array(v.picklist(['zeroMean', 'independent', 'smallInputs'])),
}) satisfies v.GenericSchema<unknown, DerivationFrame>;

const raceFrame = v.object({
  step: v.number(),
  chance: v.number(),
  lanes: v.array(v.object({ name: v.string(), losses: v.array(band), error: v.number(), diverged: v.number() })),
  leftOut: v.array(v.object({ name: v.string(), reason: v.string() })),
}) satisfies v.GenericSchema<unknown, RaceFrame>;

export const labFrame = v.variant('experiment', [
  v.object({ experiment: v.literal('symmetry'), frame: symmetryFrame }),
  v.object({ experiment: v.literal('scale'), frame: scaleFrame }),
  v.object({ experiment: v.literal('products'), frame: productsFrame }),
  v.object({ experiment: v.literal('digits'), frame: digitsFrame }),
  v.object({ experiment: v.literal('regimes'), frame: regimesFrame }),
  v.object({ experiment: v.literal('derivation'), frame: derivationFrame }),
  v.object({ experiment: v.literal('race'), frame: raceFrame }),
]);
export type LabFrame = v.InferOutput<typeof labFrame>;
