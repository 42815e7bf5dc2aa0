import * as v from 'valibot';
import { parse, type Parsed } from '../parse.js';
import { labFrame } from './frames.js';
import { labStart } from './settings.js';

/** Messages between the extension and the Lab's page. Each end checks what it gets. */

/** A model whose layer sizes experiments may take. */
const labModel = v.object({
  uri: v.string(),
  entry: v.string(),
  /** As a menu shows it: `resnet.py: resnet18()`. */
  label: v.string(),
  /** Fan-ins of its weights in the order of execution, then the outputs of the last; bounded in width and number. */
  sizes: v.array(v.number()),
  /** What was cut to make them fit, in words. */
  cut: v.optional(v.string()),
});
export type LabModel = v.InferOutput<typeof labModel>;

const toLabPage = v.variant('type', [
  /** What experiments may take; `hasSignal`: there is a panel to go to, or a model that one can show. */
  v.object({ type: v.literal('models'), models: v.array(labModel), hasSignal: v.boolean() }),
  /** Which images of digits the experiments have: those that ship, or the user's. */
  v.object({ type: v.literal('images'), name: v.string(), count: v.number(), isOwn: v.boolean() }),
  /** How the experiment stands. `run` is that of the `start` it belongs to. */
  v.object({ type: v.literal('frame'), run: v.number(), isPlaying: v.boolean(), isOver: v.boolean(), data: labFrame }),
  v.object({ type: v.literal('failed'), run: v.number(), message: v.string() }),
  /** A file of the user's own was not read. */
  v.object({ type: v.literal('problem'), message: v.string() }),
]);
export type ToLabPage = v.InferOutput<typeof toLabPage>;

const fromLabPage = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  /** Throws away what runs and sets up anew; plays at once where asked. */
  v.object({ type: v.literal('start'), run: v.number(), what: labStart, play: v.boolean() }),
  v.object({ type: v.literal('play') }),
  v.object({ type: v.literal('pause') }),
  v.object({ type: v.literal('step') }),
  /** The last frame is drawn; another one may come. */
  v.object({ type: v.literal('seen') }),
  /** Show the panel that was looked at last. */
  v.object({ type: v.literal('openSignal') }),
  /** Choose MNIST's own files. */
  v.object({ type: v.literal('openImages') }),
  /** Back to the images that ship. */
  v.object({ type: v.literal('ownImages') }),
  v.object({ type: v.literal('log'), message: v.string() }),
]);
export type FromLabPage = v.InferOutput<typeof fromLabPage>;

/** What the page keeps over reloads: the experiment shown, and the settings of each. */
const labState = v.object({
  experiment: v.string(),
  starts: v.array(labStart),
});
export type LabState = v.InferOutput<typeof labState>;

export const parseToLabPage = (message: unknown): Parsed<ToLabPage> => parse(toLabPage, message);
export const parseFromLabPage = (message: unknown): Parsed<FromLabPage> => parse(fromLabPage, message);
export const parseLabState = (state: unknown): Parsed<LabState> => parse(labState, state);
