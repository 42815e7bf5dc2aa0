import { inspect } from '../src/core/inspect.js';
import type { Engine, LayerReport } from '../src/core/model/index.js';

/** test/parity/statistics.json: variances that PyTorch measured, each with its standard error. */
export interface Recorded {
  readonly torch: string;
  readonly draws: number;
  readonly models: Readonly<Record<string, RecordedModel>>;
}

export interface RecordedModel {
  readonly input: readonly number[];
  readonly tokens?: number;
  readonly layers: readonly RecordedLayer[];
}

type Measured = readonly [variance: number, error: number];

interface RecordedLayer {
  readonly name: string;
  readonly type: string;
  readonly forward: Measured;
  readonly backward?: Measured;
}

export type Way = 'forward' | 'backward';

/** One number of ours beside PyTorch's. */
export interface Comparison {
  readonly layer: string;
  readonly type: string;
  readonly way: Way;
  readonly measured: number;
  /** Standard error of `measured`, relative to it. */
  readonly measuredError: number;
  /** Absent where the engine gives no number. */
  readonly own: number | undefined;
  /** Relative standard error of `own`, where it is a mean over draws: as large as a single draw's scatter allows. */
  readonly ownError: number;
}

/** |ours / PyTorch's − 1|. */
export function errorOf({ own, measured }: Comparison): number {
  return own === undefined ? Infinity : Math.abs(own / measured - 1);
}

/** What an engine says of a model, layer by layer, beside what was measured. */
export function compare(
  name: string,
  text: string,
  { input, tokens, layers }: RecordedModel,
  draws: number,
  engine: Engine,
  seeds = 1,
): readonly Comparison[] {
  const simulation = {
    engine,
    seeds,
    withRecommended: false,
    ...(tokens === undefined ? {} : { inputs: [{ tokens }] }),
  };
  const { reports, failed } = inspect(
    { file: `${name}.py`, text, entry: 'model', input: [input], simulation, isAwaited: true, now: () => 0 },
    { read: () => null, roots: [''] },
  );
  const [report] = reports;
  if (report === undefined) throw new Error(`${name}: ${failed.map((f) => f.reason).join('; ')}`);
  const own = new Map<string, LayerReport>();
  for (const layer of report.layers) if (layer.kind === 'module') own.set(layer.name, layer);
  const out: Comparison[] = [];
  for (const { name: layer, type, ...measured } of layers)
    for (const way of ['forward', 'backward'] as const) {
      const [variance, error] = measured[way] ?? [0, 0];
      // A gradient that is zero but for rounding (before a softmax that takes it off) has no ratio.
      if (!(variance > 1e-14)) continue;
      const relative = error / variance;
      out.push({
        layer: `${name}: ${layer}`,
        type,
        way,
        measured: variance,
        measuredError: relative,
        own: own.get(layer)?.[way]?.variance,
        ownError: engine === 'moments' ? 0 : relative * Math.sqrt(draws / seeds),
      });
    }
  return out;
}

/** Rows of the table: PyTorch's classes by what they do. */
const GROUPS: readonly (readonly [label: string, types: RegExp])[] = [
  ['convolution', /^Conv\d/],
  ['transposed convolution', /^ConvTranspose/],
  ['linear', /Linear$/],
  ['embedding', /^Embedding/],
  ['recurrent', /^(LSTM|GRU|RNN)$/],
  ['attention', /^MultiheadAttention$/],
  ['batch norm', /^BatchNorm/],
  ['layer norm', /^LayerNorm/],
  ['group norm', /^GroupNorm/],
  ['instance norm', /^InstanceNorm/],
  ['rectifiers', /^(ReLU6?|LeakyReLU|PReLU)$/],
  ['smooth activations', /^(Tanh|Sigmoid|Softsign|GELU|SiLU|S?ELU|CELU|Mish|Softplus|Hard\w+)$/],
  ['dropout', /Dropout/],
  ['max pooling', /MaxPool/],
  ['average pooling', /AvgPool/],
];

const groupOf = ({ type }: Comparison): string => GROUPS.find(([, types]) => types.test(type))?.[0] ?? 'other';

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Count, median error and share within 15 %. Errors are rounded, so that the last digits of sums don't show. */
function cells(list: readonly Comparison[]): string {
  const errors = list.filter((c) => c.own !== undefined).map(errorOf);
  if (errors.length === 0) return '0 | | ';
  const within = errors.filter((e) => e <= 0.15).length / errors.length;
  return `${errors.length} | ${(100 * median(errors)).toFixed(1)} % | ${Math.round(100 * within)} %`;
}

function row(label: string, list: readonly Comparison[]): string {
  const of = (way: Way): string => cells(list.filter((c) => c.way === way));
  return `| ${label} | ${of('forward')} | ${of('backward')} |`;
}

const HEAD = (first: string): string[] => [
  `| ${first} | outputs | median error | within 15 % | gradients | median error | within 15 % |`,
  '|---|---|---|---|---|---|---|',
];

/** The moments engine, by kind of layer. */
export function layerTable(all: readonly Comparison[]): string {
  const labels = [...GROUPS.map(([label]) => label), 'other'];
  const rows = labels.map((label) => [label, all.filter((c) => groupOf(c) === label)] as const);
  const filled = rows.filter(([, list]) => list.length > 0);
  return [...HEAD('layer'), ...filled.map(([label, list]) => row(label, list)), row('all', all)].join('\n');
}

/** Every engine over all layers. */
export function engineTable(engines: readonly (readonly [label: string, all: readonly Comparison[]])[]): string {
  return [...HEAD('engine'), ...engines.map(([label, all]) => row(label, all))].join('\n');
}

const marker = (name: string, end = ''): string => `<!-- ${end}accuracy ${name} -->`;

/** What stands between the markers of a table in a document. */
export function tableIn(document: string, name: string): string {
  const [start, end] = bounds(document, name);
  return document.slice(start, end).trim();
}

export function withTable(document: string, name: string, table: string): string {
  const [start, end] = bounds(document, name);
  return `${document.slice(0, start)}\n\n${table}\n\n${document.slice(end)}`;
}

function bounds(document: string, name: string): readonly [number, number] {
  const start = document.indexOf(marker(name));
  const end = document.indexOf(marker(name, 'end '));
  if (start < 0 || end < start) throw new Error(`no table ${name}`);
  return [start + marker(name).length, end];
}
