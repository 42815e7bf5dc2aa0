import { writeSync } from 'node:fs';
import path from 'node:path';
import { inspect } from '../core/inspect.js';
import { type CheckOptions, type Command, type InspectOptions, parseCommand, usage, UsageError } from './args.js';
import { mergeConfig } from '../core/config/index.js';
import { check } from './check.js';
import { inspectionToJson } from './json.js';
import { ConfigProblem, Projects } from './project.js';
import { NoSuchPath } from './select.js';
import { inspectionToText } from './text.js';
import { version } from './version.js';
import { diskWorkspace, readText, toSlashes } from './workspace.js';

const exitCode = { ok: 0, nothingBuilt: 1, found: 1, usage: 2 } as const;

process.exitCode = main(process.argv.slice(2));

function main(argv: readonly string[]): number {
  let command: Command;
  try {
    command = parseCommand(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    print(`initscope: ${error.message}\n\n${usage}`, 2);
    return exitCode.usage;
  }
  try {
    return run(command);
  } catch (error) {
    if (!(error instanceof NoSuchPath || error instanceof ConfigProblem)) throw error;
    print(`initscope: ${error.message}\n`, 2);
    return exitCode.usage;
  }
}

function run(command: Command): number {
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
  const { output, failed, unread } = check(options);
  for (const file of unread) print(`initscope: cannot read '${file}' (over 2 MB, or not text)\n`, 2);
  print(output);
  return failed ? exitCode.found : exitCode.ok;
}

function runInspect(options: InspectOptions): number {
  const text = readText(options.file);
  if (text === null) {
    print(`initscope: cannot read '${options.file}' (missing, over 2 MB, or not text)\n`, 2);
    return exitCode.usage;
  }
  const { entry, setup, input, memory } = options;
  const { batch, engine, seeds, severity, thresholds } = mergeConfig(options, new Projects().of(options.file).part);
  const memoryLimit = memory === undefined ? undefined : memory * 2 ** 20;
  const inspection = inspect(
    {
      file: toSlashes(path.resolve(options.file)),
      text,
      entry,
      setup,
      input,
      batch,
      simulation: { engine, seeds, memoryLimit },
      thresholds,
      severity,
      isAwaited: true,
      now: () => performance.now(),
    },
    diskWorkspace(options.file, options.roots),
  );
  const file = toSlashes(options.file);
  print(
    options.json
      ? `${JSON.stringify(inspectionToJson(inspection, file))}\n`
      : inspectionToText(inspection, file, process.stdout.columns),
  );
  return inspection.reports.length > 0 ? exitCode.ok : exitCode.nothingBuilt;
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
