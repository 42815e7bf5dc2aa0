// Reads one model from standard input and simulates one seed of it at its real widths, in this new process.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { inspectModels } from '../src/core/inspect.js';
import type { Engine } from '../src/core/model/index.js';
import { simulate } from '../src/core/propagation/simulate.js';
import { nodeHelpers } from '../src/pool/nodeHelpers.js';

interface Task {
  readonly name: string;
  readonly text: string;
  readonly entry: string;
  readonly input: readonly (readonly number[])[];
  readonly engine: Engine;
  readonly batch: number;
  /** Threads that help, and their script. */
  readonly helpers: number;
  readonly helper: string;
}

function measure({ name, text, entry, input, engine, batch, helpers, helper }: Task): void {
  const before = process.cpuUsage();
  const start = performance.now();
  const { inspection, models } = inspectModels(
    { file: name, text, entry, input, batch, isAwaited: true, now: () => performance.now() },
    { read: () => null, roots: [''] },
  );
  const [model] = models;
  if (model === undefined) throw new Error(`${name}: ${inspection.failed.map((f) => f.reason).join('; ')}`);
  const read = performance.now();
  const threads = nodeHelpers((script, options) => new Worker(script, options), helper);
  const report = simulate(model, { engine, seeds: 1, batch, helpers: threads(helpers) });
  const end = performance.now();
  const used = process.cpuUsage(before);
  process.stdout.write(
    JSON.stringify({
      engine: report.engine,
      seconds: (end - read) / 1000,
      /** Reading, compiling and simulating. */
      whole: (end - start) / 1000,
      processor: (used.user + used.system) / 1e6,
      megabytes: process.resourceUsage().maxRSS / 1024,
      unknown: report.unknown.map((u) => u.reason),
    }),
    () => process.exit(),
  );
}

measure(JSON.parse(readFileSync(0, 'utf8')) as Task);
