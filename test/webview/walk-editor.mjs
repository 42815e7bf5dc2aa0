// What the editor shows around the code, walked through as a person does: lens, Problems, quick fix.
import assert from 'node:assert/strict';
import path from 'node:path';
import { until } from './until.mjs';

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function editorSteps({ bench, results }) {
  const { page } = bench;
  const shot = (name) => page.screenshot({ path: path.join(results, `${name}.png`) });
  const file = 'mlp_default.py';
  const lens = bench.editor(file).locator('.codelens-decoration a', { hasText: 'InitScope' });
  const squiggle = bench.editor(file).locator('.squiggly-warning');
  const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'InitScope' });

  return [
    [
      'the line above a class sums the model up, and a click opens the panel',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.theme('Light Modern');
        await bench.openFile(file);
        await lens.waitFor();
        assert.match(await lens.innerText(), /20 layers · signal ×4\.0×10⁻⁴ · gradient ×1\.6×10⁻¹⁵ · Inspect/);
        await squiggle.first().waitFor();
        await shot('editor-light');
        await lens.click();
        const panel = await bench.panel();
        await panel.locator('.headline').waitFor();
        await bench.command('View: Close Editors in Other Groups').catch(() => undefined);
      },
    ],
    [
      'the Problems view lists the finding',
      async () => {
        await bench.editor(file).locator('.view-line').nth(1).click();
        await bench.pressUntil('Control+Shift+m', problem.first());
        assert.match(await problem.first().innerText(), /signal's variance falls 6× a layer/);
        await shot('problems-light');
      },
    ],
    [
      'what the editor shows follows the theme',
      async () => {
        for (const [theme, name] of [
          ['Dark Modern', 'dark'],
          ['Dark High Contrast', 'high-contrast'],
        ]) {
          await bench.theme(theme);
          await lens.waitFor();
          await shot(`editor-${name}`);
        }
        await bench.theme('Light Modern');
      },
    ],
    [
      'a quick fix leaves the finding out, and one undo brings it back',
      async () => {
        const name = bench.editor(file).locator('.view-line', { hasText: 'class DeepMLP' });
        await name.locator('span > span', { hasText: 'DeepMLP' }).first().click();
        const menu = page.locator('.action-widget .monaco-list-row', { hasText: /Ignore IS001/ });
        await bench.pressUntil('Control+.', menu.first());
        await shot('quick-fix-light');
        await page.mouse.move(400, 400);
        await menu.first().click();
        await until(async () => /# initscope: ignore\[IS001\]/.test(await bench.text(file)));
        await squiggle.first().waitFor({ state: 'detached' });
        await page.keyboard.press('Control+z');
        await squiggle.first().waitFor();
      },
    ],
  ];
}
