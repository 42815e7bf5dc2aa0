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

  const cells = page.locator('.notebookOverlay');
  const inlay = bench.editor(file).locator('.view-line', { hasText: 'σ 0.0183' });

  /** In each theme but the usual one, which comes back. */
  const inThemes = async (look) => {
    for (const [theme, name] of [
      ['Dark Modern', 'dark'],
      ['Dark High Contrast', 'high-contrast'],
      ['Light High Contrast', 'high-contrast-light'],
    ]) {
      await bench.theme(theme);
      await look(name);
    }
    await bench.theme('Light Modern');
  };

  /** Clicks the box of a setting on the settings page, which lies over the workbench until it is closed. */
  const tick = async (search, title) => {
    const settings = page.locator('.settings-editor');
    const item = settings.locator('.setting-item-bool', { hasText: title });
    // A bar beside what is not at its default: it comes once the setting is saved, and only then may one leave.
    const isSet = async () => (await item.locator('.setting-item-contents.is-configured').count()) > 0;
    await bench.command('Preferences: Open Settings (UI)');
    await settings.locator('.search-container .monaco-editor').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(search);
    await item.waitFor();
    const before = await isSet();
    await item.locator('.setting-value-checkbox').click();
    await until(async () => (await isSet()) !== before);
    await shot('settings-light');
    await leave(settings);
  };

  /** What lies over the workbench takes every key but Escape. */
  const leave = (modal) =>
    until(async () => {
      await page.keyboard.press('Escape');
      return !(await modal.isVisible());
    });

  /** Writes the workspace's settings in their own editor. */
  const writeSettings = async (change) => {
    await bench.command('Preferences: Open Workspace Settings (JSON)');
    const editor = bench.editor('settings.json');
    await editor.locator('.view-line').first().click();
    const text = JSON.parse(await bench.text('settings.json'));
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(JSON.stringify({ ...text, ...change }));
    // Brackets and quotes that the editor has closed by itself.
    await page.keyboard.press('Control+Shift+End');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Control+s');
    await leave(editor);
  };

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
        await inThemes(async (name) => {
          await lens.waitFor();
          await shot(`editor-${name}`);
        });
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
    [
      'the language status tells how many models there are',
      async () => {
        await bench.openFile(file);
        const status = page.locator('[id="status.languageStatus"]');
        const told = page.locator('.hover-language-status', { hasText: 'InitScope: 1 model' });
        await until(async () => {
          await page.mouse.move(400, 400);
          await status.hover();
          return told
            .first()
            .waitFor({ timeout: 2_000 })
            .then(() => true)
            .catch(() => false);
        });
        await shot('status-light');
        await page.mouse.move(400, 400);
      },
    ],
    [
      'a box ticked on the settings page shows hints at once',
      async () => {
        assert.equal(await inlay.count(), 0);
        await tick('initscope inlay', 'Inlay Hints');
        await inlay.first().waitFor();
        await shot('inlay-light');
        await inThemes((name) => shot(`inlay-${name}`));
        await tick('initscope inlay', 'Inlay Hints');
        await inlay.first().waitFor({ state: 'detached' });
      },
    ],
    [
      'a severity written into settings.json holds at once, and goes with it',
      async () => {
        const error = bench.editor(file).locator('.squiggly-error');
        await squiggle.first().waitFor();
        await writeSettings({ 'initscope.rules.severity': { IS001: 'error' } });
        await bench.openFile(file);
        await error.first().waitFor();
        await shot('severity-light');
        await writeSettings({ 'initscope.rules.severity': {} });
        await bench.openFile(file);
        await error.first().waitFor({ state: 'detached' });
        await squiggle.first().waitFor();
      },
    ],
    [
      'the cells of a notebook have hovers, findings and the line above a class',
      async () => {
        await bench.command('View: Close All Editors');
        await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'experiment.ipynb' }).dblclick();
        // VS Code asks whether its authors are trusted.
        await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Open Notebook' }).click();
        await cells.locator('.view-line', { hasText: 'nn.Linear(WIDTH, WIDTH)' }).waitFor();
        await cells.locator('.squiggly-warning').first().waitFor();
        await cells.locator('.codelens-decoration a', { hasText: 'InitScope' }).waitFor();
        const text = await bench.hoverIn(cells, 'nn.Linear(WIDTH, WIDTH)', 'Recommended');
        assert.match(text, /30 layers here/);
        await shot('notebook-light');
        await inThemes(async (name) => {
          await bench.hoverIn(cells, 'nn.Linear(WIDTH, WIDTH)', 'Recommended');
          await shot(`notebook-${name}`);
        });
      },
    ],
    [
      'a lightbulb in a cell brings its model to the recommended initialization, and one undo takes it back',
      async () => {
        const written = cells.locator('.view-line', { hasText: 'self.apply(self._init_weights)' });
        await cells.locator('.view-line', { hasText: 'class Deep' }).locator('span > span').last().click();
        await page.keyboard.press('Home');
        await page.keyboard.press('Control+ArrowRight');
        const item = page.locator('.action-widget .monaco-list-row', { hasText: 'Apply recommended initialization' });
        await bench.pressUntil('Control+.', item.first());
        await shot('notebook-lightbulb');
        await page.mouse.move(400, 400);
        await item.first().click();
        await written.first().waitFor();
        await cells.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
        await shot('notebook-applied');
        await page.keyboard.press('Control+z');
        await written.first().waitFor({ state: 'detached' });
        await cells.locator('.squiggly-warning').first().waitFor();
        await bench.command('View: Revert and Close Editor');
      },
    ],
  ];
}
