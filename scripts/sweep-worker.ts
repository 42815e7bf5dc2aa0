// Runs `inspect` on one file after another, for sweep.mjs. The process only starts a worker thread with the limits that
// the extension gives its own, so that memory and depth are those that users have.
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { inspect } from '../src/core/inspect.js';
import type { Finding } from '../src/core/model/index.js';

export interface Request {
  readonly file: string;
  readonly roots: readonly string[];
  /** Takes the time that `initscope check` takes, not the extension's. */
  readonly awaited: boolean;
}

/** A finding and where it stands. */
interface Told {
  readonly code: string;
  readonly severity: string;
  /** `folder/file.py:12`. */
  readonly place: string;
  readonly entry: string;
  readonly message: string;
}

/** What the sweep wants to know of one file. */
export interface Answer {
  readonly models: number;
  readonly traced: number;
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
  readonly findings: readonly Told[];
  readonly milliseconds: number;
  readonly cpu: number;
  /** Bytes that the process took at most so far. */
  readonly memory: number;
  readonly error: string;
}

if (isMainThread) supervise();
else parentPort?.on('message', (request: Request) => parentPort?.postMessage(answer(request)));

function supervise(): void {
  let worker: Worker | undefined;
  const start = (): Worker => {
    const w = new Worker(process.argv[1] ?? '', { resourceLimits: { stackSizeMb: 16, maxOldGenerationSizeMb: 400 } });
    w.on('message', (message) => process.send?.(message));
    w.on('error', (e) => {
      worker = undefined;
      process.send?.({ exit: e.message });
    });
    return w;
  };
  process.on('message', (request) => {
    worker ??= start();
    worker.postMessage(request);
  });
}

const texts = new Map<string, string | null>();

function read(path: string): string | null {
  const known = texts.get(path);
  if (known !== undefined) return known;
  let text: string | null = null;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // not there
  }
  if (texts.size > 1000) texts.clear();
  texts.set(path, text);
  return text;
}

function told({ code, severity, range, message }: Finding, entry: string, file: string): Told {
  return { code, severity, place: `${range?.file ?? file}:${range?.line ?? 1}`, entry, message };
}

function answer({ file, roots, awaited }: Request): Answer {
  const start = performance.now();
  const used = process.cpuUsage();
  const measured = (): Pick<Answer, 'milliseconds' | 'cpu' | 'memory'> => {
    const { user, system } = process.cpuUsage(used);
    return {
      milliseconds: performance.now() - start,
      cpu: (user + system) / 1000,
      memory: process.resourceUsage().maxRSS * 1024,
    };
  };
  try {
    const { reports, failed, unknown, findings } = inspect(
      { file, text: read(file) ?? '', isAwaited: awaited, now: () => performance.now() },
      { read, roots },
    );
    const ended = (reason: string): boolean => /^(forward could|the shape of the input)/.test(reason);
    const unsaid = [...unknown, ...failed, ...reports.flatMap((r) => r.unknown)].map((u) => u.reason);
    return {
      models: reports.length,
      traced: reports.filter((r) => !r.unknown.some((u) => ended(u.reason))).length,
      failed: failed.map((f) => f.reason),
      unknown: [...new Set([...unknown, ...reports.flatMap((r) => r.unknown)].map((u) => u.reason))],
      findings: [
        ...findings.map((f) => told(f, '', file)),
        ...reports.flatMap((r) => r.findings.map((f) => told(f, r.entry, file))),
      ],
      // What `inspect` itself says where it caught a mistake of its own.
      error: unsaid.find((reason) => reason.includes('InitScope failed here')) ?? '',
      ...measured(),
    };
  } catch (e) {
    const error =
      e instanceof Error ? `${e.message} ${(e.stack ?? '').split('\n').slice(1, 4).join(' | ')}` : String(e);
    return { models: 0, traced: 0, failed: [], unknown: [], findings: [], error, ...measured() };
  }
}
