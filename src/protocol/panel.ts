import * as v from 'valibot';
import type { Inspection } from '../core/inspect.js';
import type { Report, SignalValues, SimulationProgress, SimulationSettings } from '../core/model/index.js';
import { parse, type Parsed } from './parse.js';
import { constructorArgument, note, report, signalValues, sourceRange } from './report.js';
import { simulationProgress, simulationSettings, simulationState, type SimulationState } from './simulation.js';

/** Messages between the extension and its panel. Each end checks what it gets; what doesn't fit is logged and ignored. */

/** What the panel shows of a file. */
export type PanelContent =
  | { readonly kind: 'busy' }
  | ({ readonly kind: 'ready' } & Pick<Inspection, 'reports' | 'failed' | 'syntaxProblems' | 'unknown'>)
  | { readonly kind: 'failed'; readonly message: string };

/** Reports come as often as there is news; after `values`, `done`, `failed` or `cancelled` nothing more does. */
export type SimulationContent =
  | { readonly kind: 'report'; readonly report: Report; readonly state: SimulationState }
  /** All there is to draw of a what-if whose layers are the model's own. */
  | { readonly kind: 'values'; readonly values: SignalValues }
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
  /** The cursor moved onto code that made these layers, by model. */
  | {
      readonly type: 'cursor';
      readonly places: readonly { readonly entry: string; readonly layers: readonly string[] }[];
    }
  /** What came of "Apply to code", or of saving a file: in words, for everybody. */
  | { readonly type: 'told'; readonly text: string }
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
    type: v.literal('cursor'),
    places: v.array(v.object({ entry: v.string(), layers: v.array(v.string()) })),
  }),
  v.object({ type: v.literal('told'), text: v.string() }),
  v.object({
    type: v.literal('simulation'),
    id: v.number(),
    content: v.variant('kind', [
      v.object({ kind: v.literal('report'), report, state: simulationState }),
      v.object({ kind: v.literal('values'), values: signalValues }),
      v.object({ kind: v.literal('progress'), progress: simulationProgress }),
      v.object({ kind: v.literal('done'), state: simulationState }),
      v.object({ kind: v.literal('failed'), message: v.string() }),
      v.object({ kind: v.literal('cancelled') }),
    ]),
  }),
  v.object({ type: v.literal('answered'), problem: v.optional(v.string()), line: v.optional(v.string()) }),
]) satisfies v.GenericSchema<unknown, ToPanel>;

/** Characters of an export: 10 000 layers as JSON, or a picture. */
const mostText = 20_000_000;

/** As whoever reads it has it: lists that nobody changes. */
const settings: v.GenericSchema<unknown, SimulationSettings> = simulationSettings;

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
    settings,
    /** Numbers will do where the layers are those that the panel has. */
    valuesOnly: v.optional(v.boolean()),
  }),
  v.object({ type: v.literal('cancelSimulation'), id: v.pipe(v.number(), v.integer()) }),
  v.object({ type: v.literal('log'), message: v.string() }),
  /** The experiments, beside the panel. */
  v.object({ type: v.literal('openLab') }),
  /** Write the recommended inits into the source, as the advice on it would. */
  v.object({ type: v.literal('apply'), entry: v.pipe(v.string(), v.maxLength(2000)) }),
  v.object({ type: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(mostText)), what: v.string() }),
  /** A file to save where the user says; `base64` for what is not text. */
  v.object({
    type: v.literal('save'),
    name: v.pipe(v.string(), v.regex(/^[\w.-]{1,100}$/)),
    content: v.pipe(v.string(), v.maxLength(mostText)),
    encoding: v.picklist(['utf8', 'base64']),
  }),
]);

/** Controls of the what-if bar; what is absent stays as written. */
const whatIfControls = v.object({
  /** `recommended`, `none`, or a law's name. */
  init: v.optional(v.string()),
  /** Of laws that have one: constant, bound or σ. */
  value: v.optional(v.number()),
  /** Only the layer that is selected. */
  onlyLayer: v.optional(v.string()),
  activation: v.optional(v.string()),
  depth: v.optional(v.number()),
  width: v.optional(v.number()),
  inputScale: v.optional(v.number()),
  batch: v.optional(v.number()),
  normalization: v.optional(v.literal('off')),
  seed: v.optional(v.number()),
  seeds: v.optional(v.number()),
});

/** What the panel keeps over reloads. */
const panelStateSchema = v.object({
  uri: v.string(),
  /** Of the file, for scripts that load it. */
  path: v.optional(v.string()),
  entry: v.optional(v.string()),
  layer: v.optional(v.string()),
  /** Which of several steps with that name: index into the report's layers. */
  step: v.optional(v.number()),
  allSteps: v.optional(v.boolean()),
  /** The form for arguments and input was opened. */
  asking: v.optional(v.boolean()),
  /** Modules that the user folded or unfolded. */
  folds: v.optional(v.record(v.string(), v.boolean())),
  /** First and last layer that are seen when zoomed in. */
  zoom: v.optional(v.object({ from: v.string(), to: v.string() })),
  hidden: v.optional(v.array(v.string())),
  whatIf: v.optional(whatIfControls),
  /** The rest of the what-if controls is shown. */
  tuning: v.optional(v.boolean()),
  filter: v.optional(v.string()),
  sort: v.optional(v.object({ column: v.string(), descending: v.boolean() })),
});

export type WhatIfControls = v.InferOutput<typeof whatIfControls>;

export type ToHost = v.InferOutput<typeof toHostSchema>;
export type PanelState = v.InferOutput<typeof panelStateSchema>;

export type { Parsed } from './parse.js';

export const parseToPanel = (message: unknown): Parsed<ToPanel> => parse(toPanelSchema, message);
export const parseToHost = (message: unknown): Parsed<ToHost> => parse(toHostSchema, message);
export const parsePanelState = (message: unknown): Parsed<PanelState> => parse(panelStateSchema, message);
