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
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly fans: readonly [number, number] | null;
    readonly mean: number;
    readonly std: number;
    /** How many entries the mean and the standard deviation were measured on. */
    readonly entries: number;
  }[];
  readonly outputs: readonly (readonly number[])[] | null;
}

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

/** Parameters whose scale is not that of a distribution drawn once. */
const UNINITIALIZED = /skip_init/;

function checkScale(model: Model, c: Case): void {
  for (const p of c.parameters) {
    const own = model.parameters.find((q) => q.name === p.name);
    if (!own || p.entries === 0) continue;
    const d = own.distribution;
    expect(isKnown(d) ? 'known' : d, p.name).toBe('known');
    if (!isKnown(d)) continue;
    // Six standard errors; entries that are all equal have none.
    const slack = 6 * (p.std / Math.sqrt(p.entries)) + 1e-6 + 1e-5 * Math.abs(p.mean);
    expect(Math.abs(d.mean - p.mean), `${p.name}: mean ${String(d.mean)}, measured ${String(p.mean)}`).toBeLessThan(
      slack,
    );
    expect(Math.abs(d.std - p.std), `${p.name}: std ${String(d.std)}, measured ${String(p.std)}`).toBeLessThan(slack);
  }
}

describe.each(['layers.json', 'libraries.json'])('%s: as the real library builds it', (file) => {
  const { setup, cases } = recorded(file);

  it.each(cases.map((c) => [c.expression, c] as const))('%s', (_, c) => {
    const model = build(setup, c);
    const parameters = model.parameters
      .filter((p) => p.unregistered !== true)
      .map((p) => ({ name: p.name, shape: p.shape, fans: p.fanIn === undefined ? null : [p.fanIn, p.fanOut] }));
    expect(parameters).toEqual(c.parameters.map(({ name, shape, fans }) => ({ name, shape, fans })));
    if (!UNINITIALIZED.test(c.expression)) checkScale(model, c);
    if (!c.outputs) return;
    expect(model.unknown).toEqual([]);
    expect(model.graph.outputs.map((id) => model.graph.values[id]?.shape)).toEqual(c.outputs);
  });
});
