// What walks through the panel have in common: hands for its controls, and eyes for what it shows.
import assert from 'node:assert/strict';
import path from 'node:path';
import { violationsIn } from './axe.mjs';
import { until } from './until.mjs';

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function panelHands({ bench, results }) {
  const { page } = bench;
  const panel = () => bench.panel();
  // Also while it has nothing to show.
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const body = async () => frame.locator('body');
  const data = async () => (await body()).evaluate(() => globalThis.initscope.chartData);
  const at = ({ labels, series }, name, label) => series[name][labels.indexOf(label)];

  return {
    page,
    panel,
    body,
    data,
    at,
    shot: (name) => page.screenshot({ path: path.join(results, `${name}.png`) }),
    control: async (label) => (await panel()).getByLabel(label, { exact: true }),
    /** Waits until a series of the chart holds at a layer what it should. */
    seen: async (series, label, holds) => {
      let last = NaN;
      await until(async () => holds((last = at(await data(), series, label) ?? NaN))).catch(() => {
        assert.fail(`${series} at ${label} stays at ${last}: not ${holds}`);
      });
    },
    /** All draws that were asked for are in. */
    drawn: () =>
      until(async () => {
        const { engine } = await data();
        return engine !== 'moments' && (await (await panel()).locator('.running.idle').count()) === 1;
      }, 60_000),
    clean: async (what) => {
      assert.deepEqual(await violationsIn(frame), [], what);
    },
    /** Nothing runs out of the page sideways. */
    fits: async (what) => {
      const own = await body();
      await until(async () => own.evaluate((b) => b.scrollWidth <= b.clientWidth)).catch(async () => {
        const wide = await own.evaluate((b) =>
          [...b.querySelectorAll('*')]
            .filter((e) => e.getBoundingClientRect().right > b.clientWidth + 1 && !e.closest('.table-scroll'))
            .map((e) => `${e.tagName}.${e.className}`),
        );
        assert.fail(`${what}: ${wide.slice(0, 5).join(', ')} run out of the page`);
      });
    },
    /** What the host may say, said by the walk: for states that nobody can bring about at will. */
    say: async (message) => (await body()).evaluate((_, m) => void globalThis.postMessage(m, '*'), message),
    /** What the page would hand over for a file or the clipboard. */
    taken: async (kind) => (await body()).evaluate((_, k) => globalThis.initscope.taken(k), kind),
  };
}
