// Measures, in a real VS Code, how long a slider of the panel takes until its curve is drawn: through the page, the
// extension and its worker, and back. `node scripts/bench-what-if.mjs [FILE]` takes a file of the sample workspace.
/* global PerformanceObserver -- of the page, in what is evaluated there */
import { launchBrowser } from './lib/browser.mjs';
import { stageExtension, stageWorkspace } from './lib/stage.mjs';
import { serveVSCode } from './lib/vscodeWeb.mjs';
import { Workbench } from './lib/workbench.mjs';
import { until } from '../test/webview/until.mjs';

const file = process.argv[2] ?? 'mlp_default.py';
const extension = await stageExtension({ name: 'extension-bench' });
const workspace = await stageWorkspace({ name: 'workspace-bench' });
const server = await serveVSCode({ extension, workspace });
const browser = await launchBrowser();
const part = (sorted, p) => Math.round(10 * sorted[Math.floor(p * (sorted.length - 1))]) / 10;
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // Keeps hold of VS Code's side of each page, which it hands out only once: to send a message that needs no work.
  await page.addInitScript(() => {
    let acquire;
    Object.defineProperty(globalThis, 'acquireVsCodeApi', {
      configurable: true,
      get: () => acquire,
      set: (own) => {
        acquire = (...args) => (globalThis.vscodeApi = own(...args));
      },
    });
  });
  const bench = new Workbench(page);
  await bench.open(server.url);
  await bench.openFile(file);
  await bench.command('InitScope: Inspect Model');
  const panel = await bench.panel();
  await until(async () => (await panel.locator('.running.idle').count()) === 1, 120_000);
  await panel.getByText('What if…').click();
  const body = panel.locator('body');
  await body.evaluate(() => {
    globalThis.long = [];
    globalThis.answers = [];
    // After the page's own listener: checked, and not drawn yet.
    globalThis.addEventListener('message', ({ data }) => {
      if (data?.type === 'simulation' && data.content?.kind === 'values') globalThis.answers.push(performance.now());
    });
    new PerformanceObserver((list) =>
      globalThis.long.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ entryTypes: ['longtask'] });
  });
  const slider = panel.getByLabel('Input scale', { exact: true });
  await slider.focus();
  for (let i = 0; i < 48; i++) {
    await page.keyboard.press(i % 16 < 8 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(120);
  }
  const { taken, asked, long, heap } = await body.evaluate(() => ({
    taken: performance.getEntriesByName('initscope:what-if').map(({ duration }) => duration),
    asked: performance
      .getEntriesByName('initscope:what-if')
      .map(({ startTime }) => (globalThis.answers.find((t) => t > startTime) ?? NaN) - startTime),
    long: globalThis.long,
    heap: performance.memory?.usedJSHeapSize / 2 ** 20,
  }));
  // To the extension and back, with nothing to do there: what VS Code takes for itself.
  const empty = await body.evaluate(async () => {
    const times = [];
    for (let id = -1; id >= -48; id--) {
      const answered = new Promise((resolve) => {
        globalThis.addEventListener('message', function listen({ data }) {
          if (data?.id !== id) return;
          globalThis.removeEventListener('message', listen);
          resolve();
        });
      });
      const start = performance.now();
      globalThis.vscodeApi.postMessage({ type: 'simulate', id, entry: 'nobody()', settings: { engine: 'moments' } });
      await answered;
      times.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return times;
  });
  empty.sort((a, b) => a - b);
  taken.sort((a, b) => a - b);
  asked.sort((a, b) => a - b);
  console.table([
    { what: 'moves answered', measured: taken.length },
    { what: 'from control to curve, median ms', measured: part(taken, 0.5) },
    { what: 'from control to curve, 90 % ms', measured: part(taken, 0.9) },
    { what: '… of it until the answer is there, median ms', measured: part(asked, 0.5) },
    { what: 'quickest, ms', measured: part(taken, 0) },
    { what: 'an empty message there and back, median ms', measured: part(empty, 0.5) },
    { what: '… 90 % ms', measured: part(empty, 0.9) },
    { what: '… quickest, ms', measured: part(empty, 0) },
    { what: 'tasks over 50 ms in the page', measured: long.length },
    { what: 'longest of them, ms', measured: Math.round(Math.max(0, ...long)) },
    { what: 'heap of the page, MB', measured: Math.round(heap) },
  ]);
} finally {
  await browser.close();
  server.close();
}
