// Measures the panel with 500 layers in a browser: until it is painted, while a slider is dragged, and in memory.
// `--profile` prints which functions the drag spends its time in.
/* global window, document, requestAnimationFrame, Event -- of the page, in what is evaluated there */
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { fromRoot } from './lib/paths.mjs';
import { esbuildSources } from './lib/sources.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'initscope-bench-panel-'));
const profiles = process.argv.includes('--profile');
const common = { bundle: true, minify: !profiles, target: 'es2022', plugins: esbuildSources, logLevel: 'warning' };
const out = (name) => path.join(folder, name);
await build({ ...common, entryPoints: [fromRoot('webview/main.ts')], outfile: out('webview.js'), format: 'iife' });
await build({ ...common, entryPoints: [fromRoot('webview/panel.css')], outfile: out('webview.css') });
await build({
  ...common,
  entryPoints: [fromRoot('scripts/bench-panel.ts')],
  outfile: out('reports.cjs'),
  platform: 'node',
  format: 'cjs',
});
const { report, valuesOf } = createRequire(import.meta.url)(out('reports.cjs'));
const html = `<!DOCTYPE html><html lang="en"><head><link rel="stylesheet" href="webview.css"></head><body class="vscode-light">
<main id="app"></main><script>
window.asked = [];
window.acquireVsCodeApi = () => ({ postMessage: (m) => window.asked.push(m), getState() {}, setState() {} });
window.longest = [];
new PerformanceObserver((list) => window.longest.push(...list.getEntries().map((e) => e.duration))).observe({ entryTypes: ['longtask'] });
</script><script src="webview.js"></script></body></html>`;
const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  if (name === '') response.setHeader('content-type', 'text/html').end(html);
  else
    response
      .setHeader('content-type', name.endsWith('css') ? 'text/css' : 'text/javascript')
      .end(await readFile(out(name)).catch(() => ''));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 700, height: 900 } });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const show = {
    type: 'show',
    document: { uri: 'file:///w/net.py', path: '/w/net.py', name: 'net.py' },
    content: { kind: 'ready', reports: [report], failed: [], syntaxProblems: [], unknown: [] },
  };
  // On a machine with other things to do, the processor's time says more than the clock.
  const traced = async (work) => {
    await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
    const result = await work();
    const { traceEvents } = JSON.parse(await browser.stopTracing());
    const main = traceEvents.find((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain');
    const tasks = traceEvents
      .filter((e) => e.name.endsWith('RunTask') && e.pid === main?.pid && e.tid === main.tid)
      .map((e) => (e.tdur ?? 0) / 1000);
    const parts = {};
    for (const { name, pid, tid, tdur = 0 } of traceEvents)
      if (pid === main?.pid && tid === main.tid && tdur > 0) parts[name] = (parts[name] ?? 0) + tdur / 60_000;
    return { result, parts, longest: Math.max(0, ...tasks), sum: tasks.reduce((a, b) => a + b, 0) };
  };
  // Handed over beforehand: how a report comes into the page is another matter.
  await page.evaluate((message) => {
    window.message = message;
  }, show);
  const paint = await traced(() =>
    page.evaluate(async () => {
      const start = performance.now();
      window.postMessage(window.message, '*');
      while (document.body.dataset.drawn === undefined) await new Promise(requestAnimationFrame);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - start;
    }),
  );
  const session = await page.context().newCDPSession(page);
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length >= 500);

  // What a host would answer to the slider, made beforehand: here the page is measured, not the simulation.
  const scales = [0.001, 0.00316, 0.01, 0.0316, 0.1, 0.316, 1.78, 3.16, 10, 31.6, 100, 316, 1000];
  const answers = scales.map((inputScale) =>
    valuesOf({ whatIf: { init: [{ law: { law: 'recommended' } }], inputScale } }),
  );
  await page.evaluate((values) => {
    window.answers = values;
  }, answers);
  await page.waitForTimeout(1000);
  if (profiles) {
    await session.send('Profiler.enable');
    await session.send('Profiler.setSamplingInterval', { interval: 200 });
    await session.send('Profiler.start');
  }
  const drag = await traced(() =>
    page.evaluate(async () => {
      window.longest.length = 0;
      const slider = [...document.querySelectorAll('input[type="range"]')].at(-1);
      for (let i = 0; i < 60; i++) {
        slider.value = String(-3 + (i % 13) / 2 || 0.25);
        slider.dispatchEvent(new Event('input'));
        const { id } = window.asked.filter((m) => m.type === 'simulate' && m.settings.whatIf).at(-1);
        const content = { kind: 'values', values: window.answers[i % window.answers.length] };
        window.postMessage({ type: 'simulation', id, content }, '*');
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }),
  );
  if (profiles) {
    const largest = Object.entries(drag.parts).sort(([, a], [, b]) => b - a);
    console.table(Object.fromEntries(largest.slice(0, 20).map(([name, ms]) => [name, ms.toFixed(2)])));
    console.table(functionsOf((await session.send('Profiler.stop')).profile));
  }
  const long = await page.evaluate(() => window.longest);
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.enable').then(() => session.send('Performance.getMetrics'));
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 2 ** 20;
  const nodes = metrics.find(({ name }) => name === 'Nodes').value;
  console.table([
    { what: 'layers', measured: report.layers.length, wanted: '' },
    { what: 'from report to paint, ms', measured: Math.round(paint.result), wanted: '< 300' },
    { what: '… of the processor', measured: Math.round(paint.sum), wanted: '< 300' },
    { what: 'tasks over 50 ms while dragging', measured: long.length, wanted: '0' },
    { what: 'longest of them, ms', measured: Math.round(Math.max(0, ...long)), wanted: '< 50' },
    { what: '… of the processor', measured: Math.round(drag.longest), wanted: '< 50' },
    { what: 'processor a move of the slider, ms', measured: Math.round(drag.sum / 60), wanted: '< 16' },
    { what: 'heap, MB', measured: Math.round(heap), wanted: '< 150' },
    { what: 'DOM nodes', measured: nodes, wanted: '' },
  ]);
} finally {
  await browser.close();
  server.close();
}

/** By function, in milliseconds of each of the 60 moves: its own time, and that of all it calls. */
function functionsOf({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, { ...node, own: 0 }]));
  samples.forEach((id, i) => (byId.get(id).own += timeDeltas[i] / 60_000));
  const found = new Map();
  const visit = (node, around) => {
    const { functionName, lineNumber } = node.callFrame;
    const name = `${functionName || '(anonymous)'}:${lineNumber + 1}`;
    const inner = around.has(name) ? around : new Set([...around, name]);
    const all = (node.children ?? []).reduce((sum, id) => sum + visit(byId.get(id), inner), node.own);
    const { own, total } = found.get(name) ?? { own: 0, total: 0 };
    found.set(name, { own: own + node.own, total: total + (around.has(name) ? 0 : all) });
    return all;
  };
  visit(byId.get(nodes[0].id), new Set());
  const round = (x) => Math.round(x * 100) / 100;
  return [...found]
    .sort(([, a], [, b]) => b.total - a.total)
    .slice(0, 70)
    .map(([name, { own, total }]) => ({ name, own: round(own), total: round(total) }));
}
