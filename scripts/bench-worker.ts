// Reads one case from standard input, inspects it cold and then warm, and prints the times.
import { readFileSync } from 'node:fs';
import { inspect } from '../src/core/inspect.js';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly entry?: string;
  readonly input?: readonly (readonly number[])[];
}

const given = JSON.parse(readFileSync(0, 'utf8')) as Case;

function run(): { read: number; simulate: number; layers: number } {
  const result = inspect(
    { file: 'bench.py', text: given.text, entry: given.entry, input: given.input, now: () => performance.now() },
    { read: () => null, roots: [''] },
  );
  const { parse, evaluate, simulate } = result.milliseconds;
  return { read: parse + evaluate, simulate, layers: result.reports.reduce((n, r) => n + r.layers.length, 0) };
}

const cold = run();
for (let i = 0; i < 5; i++) run();
const times = Array.from({ length: 5 }, run);
const median = (f: (t: { read: number; simulate: number }) => number): number =>
  times.map(f).sort((a, b) => a - b)[2] ?? 0;
process.stdout.write(
  JSON.stringify({
    cold,
    warm: { read: median((t) => t.read), simulate: median((t) => t.simulate) },
    layers: cold.layers,
  }),
);
