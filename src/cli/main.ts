import { writeSync } from 'node:fs';
import path from 'node:path';
import { inspectModels } from '../core/inspect.js';
import type { SimulationSettings } from '../core/model/index.js';
import { type CheckOptions, type Command, type InspectOptions, parseCommand, usage, UsageError } from './args.js';
import { LIGHT_WORK } from '../core/propagation/policy.js';
import { mergeConfig } from '../core/config/index.js';
import { check, counted } from './check.js';
import { inspectionToJson } from '../protocol/json.js';
import { ConfigProblem, Projects } from './project.js';
import { NoSuchPath } from './select.js';
import { drawsOf, Interrupted, simulateInWorkers } from './simulate.js';
import { inspectionToText } from './text.js';
import { version } from './version.js';
import { diskWorkspace, readText, toSlashes } from './workspace.js';

/** 130 is what shells give a program that Ctrl-C ended. */
const exitCode = { ok: 0, nothingBuilt: 1, found: 1, usage: 2, interrupted: 130 } as const;

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});

async function main(argv: readonly string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(`initscope: ${error.message}\n\n${usage}`, 2);
    return exitCode.usage;
  }
  try {
    return await run(command);
  } catch (error) {
    if (error instanceof Interrupted) return exitCode.interrupted;
    if (!(error instanceof NoSuchPath || error instanceof ConfigProblem)) throw error;
    print(`initscope: ${error.message}\n`, 2);
    return exitCode.usage;
  }
}

function run(command: Command): number | Promise<number> {
  switch (command.kind) {
    case 'help':
      print(usage);
      return exitCode.ok;
    case 'version':
      print(`${version()}\n`);
      return exitCode.ok;
    case 'inspect':
      return runInspect(command);
    case 'check':
      return runCheck(command);
  }
}

function runCheck(options: CheckOptions): number {
  const { output, failed, unread, fixed } = check(options);
  for (const file of unread) print(`initscope: cannot read '${file}' (over 2 MB, or not text)\n`, 2);
  print(output);
  if (fixed) {
    const verb = options.fix === 'show' ? 'would be made' : 'made';
    print(`initscope: ${counted(fixed.edits, 'edit')} ${verb} in ${counted(fixed.files, 'file')}\n`, 2);
  }
  return failed ? exitCode.found : exitCode.ok;
}

async function runInspect(options: InspectOptions): Promise<number> {
  const text = readText(options.file);
  if (text === null) {
    print(`initscope: cannot read '${options.file}' (missing, over 2 MB, or not text)\n`, 2);
    return exitCode.usage;
  }
  const { entry, setup, input, settings: given } = options;
  const project = new Projects().of(options.file).part;
  const { batch, severity, thresholds } = mergeConfig(options.config, project);
  // Who calls the command line waits for the best numbers; `auto` counts its draws itself.
  const engine = options.config.engine ?? project.engine ?? 'auto';
  const seeds = options.config.seeds ?? project.seeds;
  const settings: SimulationSettings = { ...given, batch, engine, seeds, thresholds };
  // Draws are made by workers afterwards, but for those that are done before a worker has started.
  const here = engine === 'auto' ? { ...settings, mostWork: LIGHT_WORK } : { ...settings, engine: 'moments' as const };
  const { inspection, models, withReports } = inspectModels(
    {
      file: toSlashes(path.resolve(options.file)),
      text,
      entry,
      setup,
      input,
      batch,
      simulation: here,
      severity,
      isAwaited: true,
      now: () => performance.now(),
    },
    diskWorkspace(options.file, options.roots),
  );
  const wanted = models.map((model, i) => drawsOf(model, inspection.reports[i], settings, 1 / models.length));
  const result = wanted.some((w) => w !== undefined)
    ? withReports(await simulateInWorkers(models, inspection.reports, wanted))
    : inspection;
  const file = toSlashes(options.file);
  print(
    options.json
      ? `${JSON.stringify(inspectionToJson(result, file))}\n`
      : inspectionToText(result, file, process.stdout.columns),
  );
  return result.reports.length > 0 ? exitCode.ok : exitCode.nothingBuilt;
}

/** Synchronous and complete, also into a pipe that is slow to read. */
function print(text: string, stream: 1 | 2 = 1): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(stream, bytes, written);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
