import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isKnown, type Model } from '../../src/core/model/index.js';
import { readFile } from '../../src/core/read/read-file.js';

interface Recorded {
  readonly torch: string;
  /** What stands above every expression. */
  readonly setup: string;
  readonly cases: readonly Case[];
}

interface Case {
  readonly expression: string;
  /** Null where forward isn't called. */
  readonly inputs: readonly { readonly shape: readonly number[] }[] | null;
  readonly parameters: readonly Measured[];
  readonly outputs: readonly (readonly number[])[] | null;
}

/** Name, shape, fans, mean, standard deviation, and the number of entries that these were measured on. */
type Measured = readonly [
  name: string,
  shape: readonly number[],
  fans: readonly [number, number] | null,
  mean: number,
  std: number,
  entries: number,
];

function recorded(file: string): Recorded {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Recorded;
}

/** Builds an expression as `initscope inspect --entry` does. */
function build(setup: string, { expression, inputs }: Case): Model {
  const reading = readFile(
    { file: 'case.py', text: setup, entry: expression, input: inputs?.map((i) => i.shape), batch: 1 },
    { read: () => null, roots: [''] },
  );
  const [model] = reading.models;
  if (!model) throw new Error(JSON.stringify([reading.failed, reading.syntaxProblems]));
  return model;
}

/** Layers whose memory is left as it was found have no scale to compare. */
const UNINITIALIZED = 'skip_init';
/** The weights that attention gives back beside its result are no part of the trace. */
const UNTRACED = 'nn.MultiheadAttention';

function checkScale(model: Model, c: Case): void {
  for (const [name, , , mean, std, entries] of c.parameters) {
    const own = model.parameters.find((q) => q.name === name);
    if (!own || entries === 0) continue;
    const d = own.distribution;
    expect(isKnown(d) ? 'known' : d, name).toBe('known');
    if (!isKnown(d)) continue;
    // Eight standard errors; entries that are all equal have none.
    const slack = (8 * Math.max(std, d.std)) / Math.sqrt(entries) + 1e-6 + 1e-5 * Math.abs(mean);
    const both = `${name}: N(${String(d.mean)}, ${String(d.std)}), measured N(${String(mean)}, ${String(std)})`;
    expect(Math.max(Math.abs(d.mean - mean), Math.abs(d.std - std)), both).toBeLessThan(slack);
  }
}

describe.each(['layers.json', 'libraries.json'])('%s: as the real library builds it', (file) => {
  const { setup, cases } = recorded(file);

  it.each(cases.map((c) => [c.expression, c] as const))('%s', (_, c) => {
    const model = build(setup, c);
    const parameters = model.parameters
      .filter((p) => p.unregistered !== true)
      .map((p) => [p.name, p.shape, p.fanIn === undefined ? null : [p.fanIn, p.fanOut]]);
    expect(parameters).toEqual(c.parameters.map(([name, shape, fans]) => [name, shape, fans]));
    if (!c.expression.includes(UNINITIALIZED)) checkScale(model, c);
    if (!c.outputs) return;
    expect(model.unknown).toEqual([]);
    const outputs = model.graph.outputs.map((id) => model.graph.values[id]?.shape);
    expect(outputs).toEqual(c.expression.startsWith(UNTRACED) ? c.outputs.slice(0, 1) : c.outputs);
  });
});
