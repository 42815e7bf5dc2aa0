// Reads one model from standard input and simulates one seed of it at its real widths, in this new process.
import { readFileSync } from 'node:fs';
import { inspect } from '../src/core/inspect.js';
import type { Engine } from '../src/core/model/index.js';

interface Task {
  readonly name: string;
  readonly text: string;
  readonly entry: string;
  readonly input: readonly (readonly number[])[];
  readonly engine: Engine;
  readonly batch: number;
}

const { name, text, entry, input, engine, batch } = JSON.parse(readFileSync(0, 'utf8')) as Task;
const before = process.cpuUsage();
const result = inspect(
  {
    file: name,
    text,
    entry,
    input,
    batch,
    isAwaited: true,
    simulation: { engine, seeds: 1 },
    now: () => performance.now(),
  },
  { read: () => null, roots: [''] },
);
const used = process.cpuUsage(before);
const [report] = result.reports;
if (report === undefined) throw new Error(`${name}: ${result.failed.map((f) => f.reason).join('; ')}`);
process.stdout.write(
  JSON.stringify({
    engine: report.engine,
    seconds: result.milliseconds.simulate / 1000,
    /** Reading, compiling and simulating. */
    processor: (used.user + used.system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024,
    unknown: report.unknown.map((u) => u.reason),
  }),
);
