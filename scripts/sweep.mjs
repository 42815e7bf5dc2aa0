// Reads every .py and .ipynb file below some folders and says what was met: crashes, slow files, kinds of Unknown by
// frequency. Each file goes through `inspect` in a worker thread that is stopped when it hangs.
//   npm run sweep -- DIR… [--limit N] [--seconds S] [--top N] [--findings]
import { build } from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { esbuildSources } from './lib/sources.mjs';

const options = { limit: Infinity, seconds: 20, top: 30, findings: false };
const folders = [];
for (let i = 2; i < process.argv.length; i++) {
  const a = process.argv[i];
  if (a === '--findings') options.findings = true;
  else if (a.startsWith('--')) options[a.slice(2)] = Number(process.argv[++i]);
  else folders.push(path.resolve(a));
}
if (folders.length === 0) {
  console.error('usage: npm run sweep -- DIR… [--limit N] [--seconds S] [--top N] [--findings]');
  process.exit(2);
}

const files = [];
for (const f of folders) collect(f, files);
const chosen =
  files.length > options.limit ? files.filter((_, i) => i % Math.ceil(files.length / options.limit) === 0) : files;

const bundle = path.join(mkdtempSync(path.join(os.tmpdir(), 'initscope-sweep-')), 'sweep-worker.cjs');
await build({
  entryPoints: [fileURLToPath(new URL('sweep-worker.ts', import.meta.url))],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  plugins: esbuildSources,
  logLevel: 'warning',
});

const totals = { files: 0, models: 0, traced: 0, failed: 0, crashes: [], hangs: [], slow: [], memory: 0 };
const reasons = new Map();
const failures = new Map();
const findings = new Map();
const times = [];
await Promise.all(Array.from({ length: Math.max(1, Math.min(2, os.cpus().length)) }, () => drain()));
report();

async function drain() {
  let worker = start();
  for (;;) {
    const file = chosen.pop();
    if (file === undefined) break;
    const answer = await ask(worker, file);
    totals.files++;
    if (answer.hung || answer.exit !== undefined) {
      (answer.hung ? totals.hangs : totals.crashes).push(`${file}${answer.exit ? `: ${answer.exit}` : ''}`);
      await worker.terminate();
      worker = start();
      continue;
    }
    note(file, answer);
  }
  await worker.terminate();
}

function start() {
  return new Worker(bundle, { resourceLimits: { maxOldGenerationSizeMb: 500, stackSizeMb: 4 } });
}

function ask(worker, file) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ hung: true }), options.seconds * 1000);
    const onMessage = (m) => done(m);
    const onError = (e) => done({ exit: e.message });
    function done(m) {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      resolve(m);
    }
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage({ file, roots: rootsOf(file) });
  });
}

function note(file, a) {
  times.push(a.milliseconds);
  if (a.milliseconds > 2000) totals.slow.push(`${a.milliseconds.toFixed(0)} ms  ${file}`);
  if (a.error) totals.crashes.push(`${file}: ${a.error}`);
  totals.models += a.models;
  totals.traced += a.traced;
  totals.failed += a.failed.length;
  totals.memory = Math.max(totals.memory, a.heap);
  for (const r of a.failed) count(failures, r, file);
  for (const r of a.unknown) count(reasons, r, file);
  for (const f of a.findings) count(findings, f, file);
}

/** Reasons that differ only in names and numbers are one kind. */
function count(map, text, file) {
  const kind = text.replace(/\d+(\.\d+)?/g, 'N').slice(0, 160);
  const e = map.get(kind) ?? { n: 0, file };
  e.n++;
  map.set(kind, e);
}

function report() {
  times.sort((x, y) => x - y);
  const at = (q) => (times[Math.min(times.length - 1, Math.floor(q * times.length))] ?? 0).toFixed(1);
  console.log(
    `${totals.files} files: ${totals.models} models (${totals.traced} with forward followed to its end), ${totals.failed} entries that could not be built`,
  );
  console.log(
    `time per file: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, 99 % ${at(0.99)} ms, slowest ${at(1)} ms; heap at most ${(totals.memory / 2 ** 20).toFixed(0)} MB`,
  );
  console.log(
    `crashes ${totals.crashes.length}, hangs over ${options.seconds} s ${totals.hangs.length}, over 2 s ${totals.slow.length}`,
  );
  for (const c of [
    ...totals.crashes.slice(0, 40),
    ...totals.hangs.slice(0, 20).map((h) => `hang: ${h}`),
    ...totals.slow.slice(0, 20),
  ])
    console.log(`  ${c}`);
  table('what stayed unknown', reasons);
  table('what could not be built', failures);
  if (options.findings) table('findings', findings);
  if (totals.crashes.length + totals.hangs.length > 0) process.exitCode = 1;
}

function table(title, map) {
  console.log(`\n${title}:`);
  for (const [kind, { n, file }] of [...map].sort((a, b) => b[1].n - a[1].n).slice(0, options.top))
    console.log(`${String(n).padStart(6)}  ${kind}   [${path.relative(process.cwd(), file)}]`);
}

/** The file's package root, its folder, and the repository's root. */
function rootsOf(file) {
  const folder = path.dirname(file);
  let root = folder;
  while (existsSync(path.join(root, '__init__.py')) && path.dirname(root) !== root) root = path.dirname(root);
  const top = folders.find((f) => file.startsWith(f)) ?? folder;
  const repository = path.join(top, path.relative(top, file).split(path.sep)[0] ?? '');
  return [...new Set([root, folder, repository, path.join(repository, 'src')])];
}

function collect(place, out) {
  const s = statSync(place, { throwIfNoEntry: false });
  if (!s) return;
  if (s.isFile()) {
    if (/\.(py|ipynb)$/.test(place) && s.size <= 2 * 2 ** 20 && !readFileSync(place).includes(0)) out.push(place);
    return;
  }
  if (!s.isDirectory()) return;
  for (const name of readdirSync(place).sort())
    if (!name.startsWith('.') && name !== 'node_modules') collect(path.join(place, name), out);
}
