// How the panel looks and reads: every state in every theme, narrow and wide, enlarged, without motion, by keys alone.
/* global getComputedStyle -- of the page, in what is evaluated there */
import assert from 'node:assert/strict';
import { panelHands } from './panel-hands.mjs';
import { until } from './until.mjs';

const file = 'mlp_default.py';
const themes = [
  ['Light Modern', /vscode-light/, 'light'],
  ['Dark Modern', /vscode-dark/, 'dark'],
  ['Dark High Contrast', /vscode-high-contrast/, 'high-contrast'],
  ['Light High Contrast', /vscode-high-contrast-light/, 'high-contrast-light'],
];
/** Pixels of the window that a panel alone in it doesn't get: the activity bar. */
const BESIDE = 48;

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function looksSteps(world) {
  const { bench } = world;
  const { page, panel, body, data, shot, drawn, clean, fits, say, control } = panelHands(world);
  const theme = async ([name, marker]) => {
    await bench.theme(name);
    await until(async () => marker.test(await (await body()).getAttribute('class')));
  };
  const open = async (name) => {
    await bench.command('View: Close All Editors');
    await bench.openFile(name);
    await bench.command('InitScope: Inspect Model');
    return panel();
  };
  const show = (content) =>
    say({ type: 'show', document: { uri: 'file:///w/net.py', path: '/w/net.py', name: 'net.py' }, content });
  const ready = { kind: 'ready', reports: [], failed: [], syntaxProblems: [], unknown: [] };
  const state = async (wanted) => until(async () => (await (await body()).getAttribute('data-state')) === wanted);

  return [
    [
      'axe finds nothing in any state, in any theme',
      async () => {
        for (const colours of themes) {
          const frame = await open('needs_sizes.py');
          await theme(colours);
          await frame.locator('form.ask').waitFor();
          await clean(`${colours[0]}: unknown sizes`);
          await shot(`state-unknown-${colours[2]}`);
          await show({ kind: 'busy' });
          await state('busy');
          // It fades in.
          await until(async () =>
            (await body()).evaluate((b) => b.ownerDocument.getAnimations().every((a) => a.playState === 'finished')),
          );
          await clean(`${colours[0]}: busy`);
          await show({ kind: 'failed', message: 'This took longer than 10 s; InitScope stopped looking at net.py.' });
          await state('failed');
          await clean(`${colours[0]}: error`);
          await shot(`state-error-${colours[2]}`);
          await show(ready);
          await state('empty');
          await clean(`${colours[0]}: empty`);
          await shot(`state-empty-${colours[2]}`);
        }
      },
    ],
    [
      'nor in the full panel with every control open, at 400, 700 and 1400 pixels, in any theme',
      async () => {
        const frame = await open(file);
        await drawn();
        await frame.locator('tbody tr').nth(20).click();
        await frame.locator('.plot').first().waitFor();
        await theme(themes[0]);
        const top = async () => (await body()).evaluate((b) => b.ownerDocument.scrollingElement.scrollTo(0, 0));
        await top();
        await page.setViewportSize({ width: 1440, height: 960 });
        await shot('panel-beside');
        await bench.editor(file).locator('.view-line').first().click();
        await bench.command('View: Focus Next Editor Group');
        await bench.command('View: Close Editors in Other Groups');
        await bench.command('View: Toggle Primary Side Bar Visibility');
        for (const [width, height] of [
          [1400, 1500],
          [700, 1500],
          [400, 1700],
        ]) {
          await page.setViewportSize({ width: width + BESIDE, height });
          for (const colours of themes) {
            await theme(colours);
            await fits(`${width}, ${colours[0]}`);
            // Controls are seen at one width of the three: shots are to be seen as people have it.
            const more = frame.locator('.more-controls');
            if ((await more.getAttribute('open')) === null) await more.locator('summary').click();
            await clean(`${colours[0]} at ${width}`);
            await more.locator('summary').click();
            await top();
            await page.mouse.move(width, 10);
            await shot(`panel-${width}-${colours[2]}`);
          }
        }
        await theme(themes[0]);
      },
    ],
    [
      'enlarged to 200 %, everything is still there and nothing runs out of the page',
      async () => {
        // What a zoom of 200 % leaves of a window of 1400 and of 800 pixels.
        for (const width of [700, 400]) {
          await page.setViewportSize({ width: width + BESIDE, height: 700 });
          await fits(`200 % of ${2 * width}`);
        }
        const own = await body();
        await page.setViewportSize({ width: 700 + BESIDE, height: 1500 });
        await own.evaluate((b) => void (b.ownerDocument.documentElement.style.zoom = '2'));
        await fits('zoom 2');
        await shot('panel-zoom-200');
        await clean('200 %');
        await own.evaluate((b) => void (b.ownerDocument.documentElement.style.zoom = ''));
        await page.setViewportSize({ width: 1440, height: 900 });
      },
    ],
    [
      'nothing moves for who wants no motion',
      async () => {
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await show({ kind: 'busy' });
        await state('busy');
        const own = await body();
        assert.equal(await own.evaluate((b) => b.ownerDocument.getAnimations().length), 0);
        assert.equal(await own.evaluate((b) => getComputedStyle(b.querySelector('.busy')).opacity), '1');
        await page.emulateMedia({ reducedMotion: 'no-preference' });
        await bench.command('View: Toggle Primary Side Bar Visibility');
      },
    ],
    [
      'the keyboard alone reaches and works everything',
      async () => {
        const frame = await open(file);
        await drawn();
        const active = async () =>
          (await body()).evaluate((b) => {
            const e = b.ownerDocument.activeElement;
            return [e.tagName, e.className, e.getAttribute('aria-label') ?? e.textContent.slice(0, 30)].join(' ');
          });
        await (await control('Compare with initialization')).focus();
        const reached = [];
        for (let i = 0; i < 45; i++) {
          await page.keyboard.press('Tab');
          reached.push(await active());
        }
        for (const expected of [
          /Apply to code/,
          /^SUMMARY .*What if/,
          /legend-item Gradient/,
          /Zoom in/,
          /^INPUT/,
          /^CANVAS/,
          /band-of-module/,
          /Filter layers/,
          /Copy table/,
          /^TR/,
        ])
          assert.ok(
            reached.some((one) => expected.test(one)),
            `${expected} is not among ${reached.join('; ')}`,
          );
        // The list of exports: opened, stepped and left, with the focus where it was.
        const opener = frame.getByRole('button', { name: 'Export' });
        await opener.focus();
        await page.keyboard.press('Enter');
        await until(async () => /Save chart as PNG/.test(await active()));
        await page.keyboard.press('ArrowDown');
        await until(async () => /Save chart as SVG/.test(await active()));
        await page.keyboard.press('Escape');
        await until(async () => /Export/.test(await active()));
        // A band folds under the keys and keeps them.
        await frame.locator('.band-of-module').first().focus();
        await page.keyboard.press('Enter');
        await until(async () => (await data()).labels.length === 1);
        await until(async () => /band-of-module/.test(await active()));
        await page.keyboard.press('Enter');
        await until(async () => (await data()).labels.length === 40);
        // A slider says its value, the table's head sorts, a row selects.
        await frame.getByText('What if…').focus();
        await page.keyboard.press('Enter');
        await (await control('Width')).focus();
        await page.keyboard.press('ArrowRight');
        assert.equal(await (await control('Width')).getAttribute('aria-valuetext'), '×1.41');
        await page.keyboard.press('ArrowLeft');
        await frame.locator('[data-column="gradient"]').focus();
        await page.keyboard.press('Enter');
        const sorted = (order) => until(async () => (await frame.locator(`th[aria-sort="${order}"]`).count()) === 1);
        await sorted('ascending');
        await page.keyboard.press('Enter');
        await sorted('descending');
        await page.keyboard.press('Enter');
        await until(async () => (await frame.locator('th[aria-sort$="scending"]').count()) === 0);
        await frame.locator('tbody tr').first().focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press(' ');
        await until(async () => /net\.1/.test(await frame.locator('.detail h2').innerText()));
        await frame.getByText('What if…').click();
      },
    ],
    [
      'a message that fits nothing changes nothing',
      async () => {
        const before = await data();
        for (const message of [{ type: 'nonsense' }, { type: 'show', content: { kind: 'ready' } }, 7, null])
          await say(message);
        await say({ type: 'told', text: 'still here' });
        await until(async () => (await (await panel()).locator('.told').innerText()) === 'still here');
        assert.deepEqual(await data(), before);
      },
    ],
  ];
}
