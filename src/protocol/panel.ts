import * as v from 'valibot';
import type { Inspection } from '../core/inspect.js';
import type { Report, SimulationProgress } from '../core/model/index.js';
import { parse, type Parsed } from './parse.js';
import { constructorArgument, note, report, sourceRange } from './report.js';
import { simulationProgress, simulationSettings, simulationState, type SimulationState } from './simulation.js';

/** Messages between the extension and its panel. Each end checks what it gets; what doesn't fit is logged and ignored. */

/** What the panel shows of a file. */
export type PanelContent =
  | { readonly kind: 'busy' }
  | ({ readonly kind: 'ready' } & Pick<Inspection, 'reports' | 'failed' | 'syntaxProblems' | 'unknown'>)
  | { readonly kind: 'failed'; readonly message: string };

/** Reports come as often as there is news; after `done`, `failed` or `cancelled` nothing more does. */
export type SimulationContent =
  | { readonly kind: 'report'; readonly report: Report; readonly state: SimulationState }
  | { readonly kind: 'progress'; readonly progress: SimulationProgress }
  | { readonly kind: 'done'; readonly state: SimulationState }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'cancelled' };

export type ToPanel =
  | {
      readonly type: 'show';
      readonly document: { readonly uri: string; readonly path: string; readonly name: string };
      readonly content: PanelContent;
    }
  /** Choose a model, and a layer of it; `ask` for its arguments and input. */
  | {
      readonly type: 'select';
      readonly entry?: string | undefined;
      readonly layer?: string | undefined;
      readonly ask?: boolean | undefined;
    }
  /** What came of a simulation that the panel asked for under that number. */
  | { readonly type: 'simulation'; readonly id: number; readonly content: SimulationContent }
  /** What came of an answer; a comment that could not be written down stands in `line`. */
  | { readonly type: 'answered'; readonly problem?: string | undefined; readonly line?: string | undefined };

const failedEntry = v.object({
  entry: v.string(),
  className: v.string(),
  definedAt: v.optional(sourceRange),
  arguments: v.optional(v.array(constructorArgument)),
  reason: v.string(),
  range: v.optional(sourceRange),
});

const content = v.variant('kind', [
  v.object({ kind: v.literal('busy') }),
  v.object({
    kind: v.literal('ready'),
    reports: v.array(report),
    failed: v.array(failedEntry),
    syntaxProblems: v.array(v.object({ message: v.string(), range: sourceRange })),
    unknown: v.array(note),
  }),
  v.object({ kind: v.literal('failed'), message: v.string() }),
]);

const toPanelSchema = v.variant('type', [
  v.object({
    type: v.literal('show'),
    document: v.object({ uri: v.string(), path: v.string(), name: v.string() }),
    content,
  }),
  v.object({
    type: v.literal('select'),
    entry: v.optional(v.string()),
    layer: v.optional(v.string()),
    ask: v.optional(v.boolean()),
  }),
  v.object({
    type: v.literal('simulation'),
    id: v.number(),
    content: v.variant('kind', [
      v.object({ kind: v.literal('report'), report, state: simulationState }),
      v.object({ kind: v.literal('progress'), progress: simulationProgress }),
      v.object({ kind: v.literal('done'), state: simulationState }),
      v.object({ kind: v.literal('failed'), message: v.string() }),
      v.object({ kind: v.literal('cancelled') }),
    ]),
  }),
  v.object({ type: v.literal('answered'), problem: v.optional(v.string()), line: v.optional(v.string()) }),
]) satisfies v.GenericSchema<unknown, ToPanel>;

const toHostSchema = v.variant('type', [
  /** The panel is loaded and wants to be told what to show. */
  v.object({ type: v.literal('ready') }),
  /** Show this place in the editor; `focus` moves the keyboard there too. */
  v.object({ type: v.literal('reveal'), range: sourceRange, focus: v.boolean() }),
  /** Write down what builds a model and what goes in; `about` is the entry that the model has now. */
  v.object({
    type: v.literal('answer'),
    about: v.string(),
    entry: v.optional(v.pipe(v.string(), v.maxLength(2000))),
    input: v.optional(v.pipe(v.string(), v.maxLength(500))),
  }),
  /** Simulate a model with these settings, under a number of the panel's own; an older one of that number is given up. */
  v.object({
    type: v.literal('simulate'),
    id: v.pipe(v.number(), v.integer()),
    entry: v.pipe(v.string(), v.maxLength(2000)),
    settings: simulationSettings,
  }),
  v.object({ type: v.literal('cancelSimulation'), id: v.pipe(v.number(), v.integer()) }),
  v.object({ type: v.literal('log'), message: v.string() }),
]);

/** What the panel keeps over reloads. */
const panelStateSchema = v.object({
  uri: v.string(),
  entry: v.optional(v.string()),
  layer: v.optional(v.string()),
  /** Which of several steps with that name: index into the report's layers. */
  step: v.optional(v.number()),
  allSteps: v.optional(v.boolean()),
  /** The form for arguments and input was opened. */
  asking: v.optional(v.boolean()),
});

export type ToHost = v.InferOutput<typeof toHostSchema>;
export type PanelState = v.InferOutput<typeof panelStateSchema>;

export type { Parsed } from './parse.js';

export const parseToPanel = (message: unknown): Parsed<ToPanel> => parse(toPanelSchema, message);
export const parseToHost = (message: unknown): Parsed<ToHost> => parse(toHostSchema, message);
export const parsePanelState = (message: unknown): Parsed<PanelState> => parse(panelStateSchema, message);
