// Reads one case and other files from standard input; inspects the case in this new process, or, when `after` is set,
// first the others, so that the case is new to a process that is at work already. Prints the times, and those of reading it again.
import { readFileSync } from 'node:fs';
import { inspect } from '../src/core/inspect.js';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly entry?: string;
  readonly input?: readonly (readonly number[])[];
}
interface Task {
  readonly case: Case;
  readonly others: readonly Case[];
}

const task = JSON.parse(readFileSync(0, 'utf8')) as Task;

function run(given: Case): { read: number; simulate: number; layers: number } {
  const result = inspect(
    { file: given.name, text: given.text, entry: given.entry, input: given.input, now: () => performance.now() },
    { read: () => null, roots: [''] },
  );
  const { parse, evaluate, simulate } = result.milliseconds;
  return { read: parse + evaluate, simulate, layers: result.reports.reduce((n, r) => n + r.layers.length, 0) };
}

for (let i = 0; i < 2; i++) for (const other of task.others) run(other);
const first = run(task.case);
for (let i = 0; i < 5; i++) run(task.case);
const times = Array.from({ length: 5 }, () => run(task.case));
const median = (f: (t: { read: number; simulate: number }) => number): number =>
  times.map(f).sort((a, b) => a - b)[2] ?? 0;
process.stdout.write(
  JSON.stringify({
    first,
    again: { read: median((t) => t.read), simulate: median((t) => t.simulate) },
    layers: first.layers,
  }),
);
