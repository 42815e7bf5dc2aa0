// Runs `inspect` on one file after another, for sweep.mjs.
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { inspect } from '../src/core/inspect.js';

interface Request {
  readonly file: string;
  readonly roots: readonly string[];
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

parentPort?.on('message', ({ file, roots }: Request) => {
  const start = performance.now();
  const answer = {
    models: 0,
    traced: 0,
    failed: [] as string[],
    unknown: [] as string[],
    findings: [] as string[],
    milliseconds: 0,
    heap: 0,
    error: '',
  };
  try {
    const inspection = inspect({ file, text: read(file) ?? '' }, { read, roots });
    answer.models = inspection.reports.length;
    answer.traced = inspection.reports.filter(
      (r) =>
        !r.unknown.some((u) => u.reason.startsWith('forward could') || u.reason.startsWith('the shape of the input')),
    ).length;
    answer.failed = inspection.failed.map((f) => f.reason);
    answer.unknown = [
      ...new Set([...inspection.unknown, ...inspection.reports.flatMap((r) => r.unknown)].map((u) => u.reason)),
    ];
    answer.findings = inspection.reports.flatMap((r) => r.findings.map((f) => `${f.severity} ${f.code}`));
  } catch (e) {
    answer.error =
      e instanceof Error ? `${e.message} ${(e.stack ?? '').split('\n').slice(1, 4).join(' | ')}` : String(e);
  }
  answer.milliseconds = performance.now() - start;
  answer.heap = process.memoryUsage().heapUsed;
  parentPort?.postMessage(answer);
});
