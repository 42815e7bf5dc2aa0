// Reads every .py and .ipynb file below some folders and says what was met: crashes, hangs, slow files, memory, and what
// stayed unknown, by cause. Files go one after another through `inspect` in processes that are replaced when they hang.
//   npm run sweep -- DIR… [--limit N] [--part I/N] [--seconds S] [--top N] [--processes N] [--findings] [--awaited] [--log FILE]
import { fork } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundled } from './lib/bundled.mjs';
import { Causes } from './lib/sweep/causes.mjs';
import { Findings } from './lib/sweep/findings.mjs';
import { collectFiles } from './lib/sweep/files.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Reads so many files, spread evenly over all. */
    limit: { type: 'string' },
    /** Reads the I-th of N parts. */
    part: { type: 'string', default: '1/1' },
    /** After so long a file is given up. */
    seconds: { type: 'string', default: '20' },
    /** Details shown for each cause. */
    top: { type: 'string', default: '10' },
    processes: { type: 'string', default: String(Math.max(1, Math.min(2, os.cpus().length))) },
    /** Counts findings by code, and lists the errors and warnings. */
    findings: { type: 'boolean', default: false },
    /** Takes the time for each file that `initscope check` takes, not the extension's. */
    awaited: { type: 'boolean', default: false },
    /** A file that gets one line of JSON for each file read. */
    log: { type: 'string' },
  },
});
if (positionals.length === 0) {
  console.error(
    'usage: npm run sweep -- DIR… [--limit N] [--part I/N] [--seconds S] [--top N] [--processes N] [--findings] [--awaited] [--log FILE]',
  );
  process.exit(2);
}

/** What a file may take. */
const LONGEST = 2000;
/** So many slow files are read once more. */
const MOST_AGAIN = 200;
const MOST_MEMORY = 500 * 2 ** 20;

const all = collectFiles(positionals.map((p) => path.resolve(p)));
const [part = 1, parts = 1] = options.part.split('/').map(Number);
const every = Math.max(1, Math.ceil(all.length / Number(options.limit ?? all.length)));
const chosen = all.filter((_, i) => i % every === 0 && Math.floor((i * parts) / all.length) === part - 1);
const repositories = new Set(chosen.map((f) => f.repository)).size;
const queue = [...chosen].reverse();

const bundle = await bundled('sweep-worker');
if (options.log) writeFileSync(options.log, '');

const met = {
  models: 0,
  traced: 0,
  failed: 0,
  crashes: [],
  hangs: [],
  slow: new Map(),
  busy: 0,
  large: [],
  memory: 0,
  times: [],
};
const causes = new Causes();
const failures = new Causes();
const findings = new Findings();
await Promise.all(Array.from({ length: Number(options.processes) }, () => drain()));
await lookAgain();
rmSync(path.dirname(bundle), { recursive: true });
report();

async function drain() {
  let child = start();
  for (let next = queue.pop(); next; next = queue.pop()) {
    const answer = await ask(child, next);
    if (options.log) appendFileSync(options.log, `${JSON.stringify({ file: next.file, ...answer })}\n`);
    if (answer.hung) met.hangs.push(next.file);
    else if (answer.exit !== undefined) met.crashes.push(`${next.file}: ${answer.exit}`);
    else note(next, answer);
    if (answer.hung || answer.exit !== undefined) {
      child.kill('SIGKILL');
      child = start();
    }
  }
  child.kill();
}

/** What took too long is read once more by itself: another program may have had the processor. */
async function lookAgain() {
  const child = start();
  for (const [file, first] of [...met.slow]) {
    if (met.slow.size > MOST_AGAIN) break;
    const answer = await ask(child, first.next);
    if (answer.hung || answer.exit !== undefined) break;
    if (answer.milliseconds <= LONGEST) {
      met.slow.delete(file);
      met.busy++;
    }
  }
  child.kill();
}

function start() {
  return Object.assign(fork(bundle), { largest: 0 });
}

function ask(child, { file, roots }) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ hung: true }), Number(options.seconds) * 1000);
    const onMessage = (m) => {
      if (m.memory > MOST_MEMORY && child.largest <= MOST_MEMORY) met.large.push(file);
      child.largest = Math.max(child.largest, m.memory ?? 0);
      done(m);
    };
    const onExit = (code, signal) => done({ exit: signal ?? `exit code ${code}` });
    function done(m) {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(m);
    }
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send({ file, roots, awaited: options.awaited });
  });
}

function note(next, a) {
  const { file } = next;
  met.times.push(a.milliseconds);
  if (a.milliseconds > LONGEST)
    met.slow.set(file, {
      next,
      line: `${a.milliseconds.toFixed(0)} ms (${a.cpu.toFixed(0)} ms of processor)  ${short(file)}`,
    });
  if (a.error) met.crashes.push(`${file}: ${a.error}`);
  met.models += a.models;
  met.traced += a.traced;
  met.failed += a.failed.length;
  met.memory = Math.max(met.memory, a.memory);
  failures.add(file, a.failed);
  causes.add(file, a.unknown);
  findings.add(a.findings);
}

function report() {
  const times = met.times.sort((x, y) => x - y);
  const at = (q) => `${(times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0).toFixed(1)} ms`;
  const { crashes, hangs, busy, large } = met;
  const slow = [...met.slow.values()].map((s) => s.line);
  console.log(
    `${chosen.length} files of ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}: ` +
      `${met.models} models, ${met.traced} with forward followed to its end; ${met.failed} that could not be built`,
  );
  console.log(`time per file: median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}, slowest ${at(1)}`);
  console.log(`memory of a process that reads them all: ${(met.memory / 2 ** 20).toFixed(0)} MB at most`);
  console.log(
    `crashes ${crashes.length}; hangs over ${options.seconds} s ${hangs.length}; ` +
      `over ${LONGEST / 1000} s ${slow.length}${busy > 0 ? ` (and ${busy} that did not when read again)` : ''}; over ${MOST_MEMORY / 2 ** 20} MB ${large.length}`,
  );
  section('crashes', crashes);
  section(`over ${options.seconds} s`, hangs.map(short));
  section(`over ${LONGEST / 1000} s`, slow);
  section(`took memory past ${MOST_MEMORY / 2 ** 20} MB`, large.map(short));
  section('what stayed unknown, by cause (files)', causes.lines(Number(options.top), short));
  section('what could not be built, by cause (files)', failures.lines(Number(options.top), short));
  if (options.findings) {
    section('findings', findings.counts());
    section('errors and warnings', findings.grave(short));
  }
  if (crashes.length + hangs.length + slow.length + large.length > 0) process.exitCode = 1;
}

function section(title, lines) {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((l) => `  ${l}`).join('\n')}`);
}

function short(file) {
  return path.relative(process.cwd(), file);
}
