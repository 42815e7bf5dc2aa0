// A walk through the panel's own controls, in a real VS Code: chart, layers, the table, files that it saves, reload.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { panelHands } from './panel-hands.mjs';
import { until } from './until.mjs';

const file = 'mlp_default.py';
const example = await readFile(new URL('../../examples/mlp_default.py', import.meta.url), 'utf8');
const lineOf = (text) => example.split(text)[0].split('\n').length;

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function panelSteps(world) {
  const { bench } = world;
  const { page, panel, data, at, control, drawn } = panelHands(world);
  const exported = async (kind, name) => {
    const frame = await panel();
    await frame.getByRole('button', { name: 'Export' }).click();
    await frame.locator(`[data-kind="${kind}"]`).click();
    if (name === undefined) return;
    // VS Code's own dialog for files; it proposes the name beside the source.
    const input = page.locator('.quick-input-widget:visible input.input');
    await input.waitFor();
    await until(async () => (await input.inputValue()).endsWith(name));
    await page.keyboard.press('Enter');
    await until(async () => (await frame.locator('.told').innerText()) === `Saved ${name}.`);
  };
  return [
    [
      'draws at finite width come in behind the moments',
      async () => {
        await bench.theme('Light Modern');
        await bench.command('View: Close All Editors');
        await bench.openFile(file);
        await bench.command('InitScope: Inspect Model');
        await drawn();
        const shown = await data();
        const moments = at(shown, 'forward', 'net.38');
        const median = at(shown, 'drawnSignal', 'net.38');
        assert.ok(Math.abs(Math.log(median / moments)) < 0.5, `${median} against ${moments}`);
        assert.ok(at(shown, 'ratio', 'net.38') > 0);
      },
    ],
    [
      'the cursor on a layer selects it, with its values, formula and histograms',
      async () => {
        const frame = await panel();
        await bench.editor(file).locator('.view-line', { hasText: 'layers.append(nn.ReLU())' }).click();
        await until(async () => /ReLU/.test(await frame.locator('.detail h2').innerText()));
        await bench.editor(file).locator('.view-line', { hasText: 'nn.Linear(width, width)' }).click();
        await until(async () => /Linear/.test(await frame.locator('.detail h2').innerText()));
        await until(async () => (await frame.locator('.plot').count()) === 4);
        const text = await frame.locator('.detail').innerText();
        assert.match(text, /fan-in · Var\(W\) = 1,000 · 0\.0183² = 0\.333/);
        assert.match(text, /σ = g \/ √fan-in/);
        assert.match(text, /Dead units/);
      },
    ],
    [
      'the chart is stepped, zoomed and panned by keys',
      async () => {
        const frame = await panel();
        const canvas = frame.locator('canvas');
        await canvas.focus();
        await page.keyboard.press('Home');
        await until(async () => (await canvas.getAttribute('aria-valuenow')) === '1');
        assert.match(await canvas.getAttribute('aria-valuetext'), /net\.0, Linear, Signal before activation 0\.33/);
        await page.keyboard.press('ArrowRight');
        await until(async () => (await canvas.getAttribute('aria-valuenow')) === '2');
        await until(async () => (await bench.cursor(file)) === lineOf('layers.append(nn.ReLU())'));
        await page.keyboard.press('+');
        await until(async () => (await data()).window.to < 39);
        // The editor that reveals a line may swallow a key of the next moment; these can be pressed again.
        const press = (key, holds) =>
          until(async () => {
            await canvas.press(key);
            return holds((await data()).window);
          });
        await press('End', ({ from, to }) => to === 39 && from > 0);
        await press('0', ({ from }) => from === 0);
      },
    ],
    [
      'a module folds into one step and opens again',
      async () => {
        const frame = await panel();
        await frame.locator('.band-of-module').first().click();
        await until(async () => (await data()).labels.length === 1);
        await frame.locator('.band-of-module').first().click();
        await until(async () => (await data()).labels.length === 40);
      },
    ],
    [
      'the table is sorted, filtered and copied',
      async () => {
        const frame = await panel();
        const first = frame.locator('tbody tr').first();
        const sort = frame.locator('[data-column="gradient"]');
        await sort.click();
        await sort.click();
        await until(async () => /net\.3[89]/.test(await first.innerText()));
        await frame.getByLabel('Filter layers').fill('linear net.1');
        await until(async () => (await frame.locator('tbody tr').count()) === 5);
        await frame.getByRole('button', { name: 'Copy table' }).click();
        await until(async () => /copied/.test(await frame.locator('.told').innerText()));
        await frame.getByLabel('Filter layers').fill('');
        await sort.click();
        await until(async () => /net\.0/.test(await first.innerText()));
      },
    ],
    [
      'chart, table and report are saved as files, and hold what they should',
      async () => {
        for (const ending of ['csv', 'svg', 'json', 'png']) await exported(ending, `mlp_default.${ending}`);
        await exported('pytorch');
        await until(async () => /PyTorch check copied/.test(await (await panel()).locator('.told').innerText()));
        // The explorer's rows move until all of them are there.
        for (const ending of ['csv', 'svg', 'json', 'png'])
          await page.locator('.explorer-folders-view .monaco-list-row', { hasText: `mlp_default.${ending}` }).waitFor();
        // Beside the panel, not over it.
        await bench.editor(file).locator('.view-line').first().click();
        await bench.openFile('mlp_default.csv');
        const csv = await bench.text('mlp_default.csv');
        assert.match(csv, /^step,layer,type,line/);
        assert.match(csv, /1,net\.0,Linear,23/);
        await bench.openFile('mlp_default.json');
        assert.match(await bench.text('mlp_default.json'), /"schema": 1/);
      },
    ],
    [
      'each model of a file is chosen from a list, and the cursor chooses too',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.openFile('hard_cases.py');
        await bench.command('InitScope: Inspect Model');
        const picker = (await panel()).locator('h1 select');
        await picker.selectOption({ label: 'Gigantic()' });
        await until(async () => (await data()).labels.join() === 'layer');
        await until(async () => Math.abs(at(await data(), 'forward', 'layer') - 1 / 3) < 0.01);
        await picker.selectOption({ label: 'UnknownSize()' });
        await until(async () => (await data()).labels.join() === 'first,act,second');
        // Down to the end, and up to the layer of the last class.
        await bench.editor('hard_cases.py').locator('.view-line').first().click();
        await page.keyboard.press('Control+End');
        for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
        await until(async () => (await picker.inputValue()) === 'Gigantic()');
        await until(async () => /layer/.test(await (await panel()).locator('.detail h2').innerText()));
        await bench.command('View: Close All Editors');
        await bench.openFile(file);
        await bench.command('InitScope: Inspect Model');
        await drawn();
      },
    ],
    [
      'Signal and Lab lead to each other, and the panel is as it was',
      async () => {
        await (await panel()).locator('tbody tr').nth(4).click();
        await until(async () => /net\.4/.test(await (await panel()).locator('.detail h2').innerText()));
        await (await panel()).getByRole('button', { name: 'Lab', exact: true }).click();
        const lab = page.getByRole('tab', { name: /^InitScope Lab/ });
        await lab.waitFor();
        const inLab = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
        // While one page gives way to the other there are two.
        await until(
          async () =>
            (await inLab
              .locator('#experiment')
              .count()
              .catch(() => 0)) === 1,
          30_000,
        );
        await page.screenshot({ path: `${world.results}/panel-lab.png` });
        await inLab.getByRole('button', { name: 'Signal', exact: true }).click();
        await until(async () => (await page.locator('iframe.webview.ready').count()) === 1, 30_000);
        await drawn();
        await until(async () => /net\.4/.test(await (await panel()).locator('.detail h2').innerText()));
        await lab.click({ button: 'middle' });
        await lab.waitFor({ state: 'detached' });
        await drawn();
        // Files open where the keyboard is.
        await bench.command('View: Focus First Editor Group');
      },
    ],
    [
      'Apply to code writes the recommended inits; one undo takes them back',
      async () => {
        await bench.openFile(file);
        await (await panel()).getByRole('button', { name: 'Apply to code' }).click();
        await until(async () => (at(await data(), 'forward', 'net.38') ?? 0) > 0.3);
        await bench.editor(file).locator('.view-line').first().click();
        await until(async () => {
          await page.keyboard.press('Control+z');
          return at(await data(), 'forward', 'net.38') < 0.01;
        });
      },
    ],
    [
      'after a reload the panel is back with its choices',
      async () => {
        await (await control('Compare with initialization')).selectOption('glorot_uniform');
        await until(async () => (at(await data(), 'forwardCompared', 'net.0') ?? 0) > 0.9);
        const frame = await panel();
        await frame.locator('tbody tr').nth(4).click();
        await until(async () => /net\.4/.test(await frame.locator('.detail h2').innerText()));
        await frame.getByRole('button', { name: 'Zoom in' }).click();
        await until(async () => (await data()).window.to < 39);
        const { window } = await data();
        // VS Code's own way, which writes down what it keeps.
        const loaded = page.waitForEvent('load');
        await bench.command('Developer: Reload Window', { stays: true });
        await loaded;
        await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
        const again = await panel();
        await until(async () => /net\.4/.test(await again.locator('.detail h2').innerText()));
        await until(async () => (at(await data(), 'forwardCompared', 'net.0') ?? 0) > 0.9);
        assert.equal(await (await control('Compare with initialization')).inputValue(), 'glorot_uniform');
        assert.deepEqual((await data()).window, window);
        await again.getByRole('button', { name: 'Show all layers' }).click();
        await again.getByRole('button', { name: 'Reset' }).click();
      },
    ],
  ];
}
