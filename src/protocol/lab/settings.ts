import * as v from 'valibot';
import type {
  DerivationSettings,
  DigitsSettings,
  ProductsSettings,
  RaceSettings,
  RegimesSettings,
  ScaleSettings,
  SymmetrySettings,
} from '../../core/experiments/index.js';

export { MOST_RACE_WEIGHTS } from '../../core/experiments/limits.js';

/** Settings of the Lab's experiments as they come from its page: checked, and bounded so that a step stays short. */

/** Widest layer and longest chain that the Lab takes on. */
export const WIDEST = 2048;
export const DEEPEST = 40;
/** Units and hidden layers of the network whose units are equal: every link of it is drawn. */
export const MOST_EQUAL = 64;
export const MOST_EQUAL_LAYERS = 4;

const finite = v.pipe(v.number(), v.finite());
const between = (low: number, high: number) => v.pipe(finite, v.minValue(low), v.maxValue(high));
const whole = (low: number, high: number) => v.pipe(between(low, high), v.integer());
const seed = whole(0, 2 ** 31 - 1);
const learningRate = between(1e-6, 100);
const widths = (least: number) => v.pipe(v.array(whole(1, WIDEST)), v.minLength(least), v.maxLength(DEEPEST + 1));

export const symmetrySettings = v.object({
  hidden: v.pipe(v.array(whole(2, MOST_EQUAL)), v.minLength(1), v.maxLength(MOST_EQUAL_LAYERS)),
  activation: v.picklist(['relu', 'tanh', 'sigmoid']),
  alpha: between(-10, 10),
  nudge: between(0, 10),
  learningRate,
  seed,
}) satisfies v.GenericSchema<unknown, SymmetrySettings>;

export const scaleSettings = v.object({
  data: v.picklist(['circle', 'moons', 'squares', 'gaussians', 'spiral']),
  start: v.picklist(['zero', 'small', 'right', 'large', 'xavier', 'he']),
  hidden: widths(1),
  learningRate,
  seed,
}) satisfies v.GenericSchema<unknown, ScaleSettings>;

export const productsSettings = v.object({
  g: between(0, 10),
  widths: widths(2),
  seed,
}) satisfies v.GenericSchema<unknown, ProductsSettings>;

export const digitsSettings = v.object({
  start: v.picklist(['zero', 'uniformByFan', 'xavier', 'standardNormal', 'uniformTenth', 'normalTenth']),
  hidden: widths(1),
  learningRate,
  seed,
}) satisfies v.GenericSchema<unknown, DigitsSettings>;

export const regimesSettings = v.object({
  activation: v.picklist(['sigmoid', 'tanh', 'relu', 'gelu', 'silu', 'selu']),
  start: v.picklist(['uniformTenth', 'normalTenth', 'xavier', 'he']),
  fanIns: widths(1),
  seed,
}) satisfies v.GenericSchema<unknown, RegimesSettings>;

export const derivationSettings = v.object({
  widths: widths(2),
  product: between(0, 100),
  keeps: v.picklist(['forward', 'backward', 'both']),
  activation: v.picklist(['identity', 'tanh', 'relu', 'sigmoid']),
  inputStd: between(0, 1000),
  zeroMean: v.boolean(),
  independent: v.boolean(),
  seed,
}) satisfies v.GenericSchema<unknown, DerivationSettings>;

/** What races: a chain of linear layers of these sizes, or a model of the user's. */
export const raceSubject = v.variant('kind', [
  v.object({
    kind: v.literal('sizes'),
    widths: widths(2),
    activation: v.picklist(['relu', 'tanh', 'gelu', 'sigmoid']),
  }),
  v.object({
    kind: v.literal('model'),
    uri: v.pipe(v.string(), v.maxLength(4000)),
    entry: v.pipe(v.string(), v.maxLength(2000)),
  }),
]);
export type RaceSubject = v.InferOutput<typeof raceSubject>;

export const RACE_LANES = [
  'current',
  'recommended',
  'zeros',
  'normalTenth',
  'lecun',
  'xavier',
  'he',
  'orthogonal',
] as const;
export type RaceLaneName = (typeof RACE_LANES)[number];

export const raceSettings = v.object({
  data: v.picklist(['spiral', 'teacher', 'digits']),
  learningRate,
  momentum: between(0, 0.999),
  seeds: whole(1, 10),
  seed,
}) satisfies v.GenericSchema<unknown, RaceSettings>;

/** What the links of a drawn network show. */
export const LINKS = ['both', 'weights', 'gradients'] as const;
export type Links = (typeof LINKS)[number];

/** An experiment with its settings: what to start. */
export const labStart = v.variant('experiment', [
  v.object({ experiment: v.literal('symmetry'), settings: symmetrySettings, links: v.picklist(LINKS) }),
  v.object({ experiment: v.literal('scale'), settings: scaleSettings }),
  v.object({ experiment: v.literal('products'), settings: productsSettings }),
  v.object({ experiment: v.literal('digits'), settings: digitsSettings }),
  v.object({ experiment: v.literal('regimes'), settings: regimesSettings }),
  v.object({ experiment: v.literal('derivation'), settings: derivationSettings }),
  v.object({
    experiment: v.literal('race'),
    settings: raceSettings,
    subject: raceSubject,
    lanes: v.pipe(v.array(v.picklist(RACE_LANES)), v.minLength(1), v.maxLength(6)),
  }),
]);
export type LabStart = v.InferOutput<typeof labStart>;
export type ExperimentName = LabStart['experiment'];
