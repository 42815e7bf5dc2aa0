// One walk through InitScope as a person takes it, in a real VS Code. Each step is a test; later ones build on earlier ones.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from './until.mjs';

const example = await readFile(new URL('../../examples/mlp_default.py', import.meta.url), 'utf8');
const lineOf = (text) => example.split(text)[0].split('\n').length;

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function steps({ bench, results }) {
  const { page } = bench;
  const shot = (name) => page.screenshot({ path: path.join(results, `${name}.png`) });
  const chartData = async () => {
    const panel = await bench.panel();
    return panel.locator('body').evaluate(() => globalThis.initscope.chartData);
  };
  const bodyClass = async () => (await bench.panel()).locator('body').getAttribute('class');

  return [
    [
      'the hover on a layer tells where it starts and where it should',
      async () => {
        await bench.theme('Light Modern');
        await bench.openFile('mlp_default.py');
        const text = await bench.hover('mlp_default.py', 'nn.Linear(width', 'Recommended');
        assert.match(text, /20 layers here/);
        assert.match(text, /fan-in 1,000/);
        assert.match(text, /PyTorch default/);
        assert.match(text, /He normal, σ = 0\.0447/);
        await shot('hover-light');
      },
    ],
    [
      'the command opens the panel beside, with the curves of signal and gradient',
      async () => {
        await bench.command('InitScope: Inspect Model');
        const { labels, series } = await chartData();
        const at = (name, values) => values[labels.indexOf(name)];
        assert.equal(labels.length, 40);
        assertNear(at('net.0', series.forward), 0.3332, 0.03);
        assertNear(at('net.38', series.forward), 3.97e-4, 0.03);
        assertNear(at('net.0', series.gradient) / at('net.38', series.gradient), 6 ** -19, 0.1);
        assert.ok(at('net.38', series.forwardRecommended) > 0.1);
        await shot('panel-light');
      },
    ],
    [
      'the verdict says in words and numbers what happens',
      async () => {
        const panel = await bench.panel();
        const text = await panel.locator('.headline').innerText();
        assert.match(text, /Signal falls to 4\.0×10⁻⁴ of the input’s by layer 20/);
        assert.match(text, /gradient falls 6\.0× a layer/);
      },
    ],
    [
      'a click on a row moves the cursor to the line and selects the row',
      async () => {
        const panel = await bench.panel();
        // Draws that come in add a line to the legend, which moves the rows.
        await panel.locator('.running.idle').waitFor({ state: 'attached' });
        await bench.editor('mlp_default.py').locator('.view-line').nth(1).click();
        const before = await bench.cursor('mlp_default.py');
        await panel.locator('tbody tr').nth(4).click();
        await until(async () => (await bench.cursor('mlp_default.py')) !== before);
        assert.equal(await bench.cursor('mlp_default.py'), lineOf('layers.append(nn.Linear(width, width))'));
        assert.equal(await panel.locator('tbody tr[aria-selected="true"]').count(), 1);
        assert.match(await panel.locator('.detail').innerText(), /net\.4/);
      },
    ],
    [
      'the arrow keys and Enter do the same',
      async () => {
        const panel = await bench.panel();
        await panel.locator('tbody tr').nth(4).focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        await until(async () => (await bench.cursor('mlp_default.py')) === lineOf('layers.append(nn.ReLU())'));
        assert.match(await panel.locator('.detail').innerText(), /net\.5/);
        await bench.editor('mlp_default.py').locator('.view-line').nth(1).click();
      },
    ],
    [
      'a line of the legend hides and shows its curve',
      async () => {
        const panel = await bench.panel();
        const button = panel.locator('.legend-item').nth(1);
        await button.click();
        await until(async () => (await button.getAttribute('aria-pressed')) === 'false');
        await button.click();
        await until(async () => (await button.getAttribute('aria-pressed')) === 'true');
      },
    ],
    [
      'an edit shows in the panel without being asked',
      async () => {
        const line = bench.editor('mlp_default.py').locator('.view-line', { hasText: 'DEPTH = 20' });
        await line.click();
        await page.keyboard.press('End');
        await page.keyboard.press('Backspace');
        await page.keyboard.press('Backspace');
        await page.keyboard.type('5');
        await until(async () => (await chartData()).labels.length === 10);
        await until(async () => {
          await page.keyboard.press('Control+z');
          return (await chartData()).labels.length === 40;
        });
      },
    ],
    [
      'the panel follows the theme: dark',
      async () => {
        await bench.theme('Dark Modern');
        await until(async () => /vscode-dark/.test(await bodyClass()));
        await shot('panel-dark');
        await bench.hover('mlp_default.py', 'nn.Linear(width', 'Recommended');
        await shot('hover-dark');
      },
    ],
    [
      'the panel follows the theme: high contrast',
      async () => {
        await bench.theme('Dark High Contrast');
        await until(async () => /vscode-high-contrast/.test(await bodyClass()));
        await shot('panel-high-contrast');
        await bench.hover('mlp_default.py', 'nn.Linear(width', 'Recommended');
        await shot('hover-high-contrast');
        await bench.theme('Light Modern');
        await until(async () => !/vscode-high-contrast/.test(await bodyClass()));
      },
    ],
    [
      'the lightbulb on a finding offers an edit; the finding goes with it, and one undo brings both back',
      async () => {
        const file = 'mlp_default.py';
        const squiggle = bench.editor(file).locator('.squiggly-warning');
        await bench
          .editor(file)
          .locator('.view-line', { hasText: 'class DeepMLP' })
          .locator('span > span')
          .last()
          .click();
        await page.keyboard.press('Home');
        await page.keyboard.press('Control+ArrowRight');
        await squiggle.first().waitFor();
        const item = page.locator('.action-widget .monaco-list-row', {
          hasText: 'Apply recommended initialization to DeepMLP',
        });
        await bench.pressUntil('Control+.', item.first());
        await shot('lightbulb');
        await page.keyboard.press('Enter');
        await until(async () => /def _init_weights\(self, module\):/.test(await bench.text(file)));
        await squiggle.first().waitFor({ state: 'detached' });
        await shot('lightbulb-applied');
        await page.keyboard.press('Control+z');
        await until(async () => !/_init_weights/.test(await bench.text(file)));
        await squiggle.first().waitFor();
      },
    ],
    [
      'a file with several models offers them all; one that cannot be built says why',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.openFile('hard_cases.py');
        await bench.command('InitScope: Inspect Model');
        const panel = await bench.panel();
        const options = await panel.locator('h1 select option').allInnerTexts();
        assert.ok(
          options.some((text) => /UnknownSize/.test(text)),
          options.join(),
        );
        assert.ok(
          options.some((text) => /Endless.*could not be built/.test(text)),
          options.join(),
        );
        await panel.locator('h1 select').selectOption({ label: options.find((text) => /Endless/.test(text)) });
        assert.match(await panel.locator('.state').innerText(), /Endless.* could not be built/);
        await shot('panel-unknown');
      },
    ],
    [
      'the hover on a layer of unknown size leads to a form that asks for it',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.openFile('needs_sizes.py');
        await bench.hover('needs_sizes.py', 'nn.Linear(hidden, num', 'set sizes');
        await shot('hover-set-sizes');
        await page.locator('.monaco-hover:not(.hidden) a', { hasText: 'set sizes' }).first().click();
        const panel = await bench.panel();
        await panel.locator('form.ask').waitFor();
        assert.equal(
          await panel.locator('#ask-entry').inputValue(),
          'Classifier(features=64, hidden=256, num_classes=10)',
        );
        assert.equal(await panel.locator('#ask-input').inputValue(), '1,64');
        assert.match(await panel.locator('form.ask ul').innerText(), /hidden: nothing in the workspace gives it; 256/);
        await shot('form-light');
      },
    ],
    [
      'the form follows the theme',
      async () => {
        await bench.theme('Dark Modern');
        await until(async () => /vscode-dark/.test(await bodyClass()));
        await shot('form-dark');
        await bench.theme('Dark High Contrast');
        await until(async () => /vscode-high-contrast/.test(await bodyClass()));
        await shot('form-high-contrast');
        await bench.theme('Light Modern');
        await until(async () => !/vscode-high-contrast/.test(await bodyClass()));
      },
    ],
    [
      'what is no shape is refused with a word',
      async () => {
        const panel = await bench.panel();
        await panel.locator('#ask-input').fill('1,sixty');
        await panel.locator('button[type="submit"]').click();
        assert.match(await panel.locator('#ask-input-problem').innerText(), /whole numbers/);
        assert.equal(await panel.locator('#ask-input').getAttribute('aria-invalid'), 'true');
        await shot('form-problem');
      },
    ],
    [
      'the answer stands in the file as a comment, and the model is shown with it',
      async () => {
        const panel = await bench.panel();
        await panel.locator('#ask-entry').fill('Classifier(784, hidden=128, num_classes=10)');
        await panel.locator('#ask-input').fill('1,784');
        await panel.locator('#ask-input').press('Enter');
        await until(async () => /# initscope: entry=Classifier\(784/.test(await bench.text('needs_sizes.py')));
        await panel.locator('form.ask').waitFor({ state: 'detached' });
        await until(async () =>
          /input \(1, 784\), from the initscope comment/.test(await panel.locator('.facts').innerText()),
        );
        assert.equal((await chartData()).labels.length, 5);
        await shot('form-answered');
      },
    ],
    [
      'one undo takes the comment back',
      async () => {
        await bench.editor('needs_sizes.py').locator('.view-line').nth(3).click();
        await page.keyboard.press('Control+z');
        await until(async () => !/initscope:/.test(await bench.text('needs_sizes.py')));
        assert.match(await bench.text('needs_sizes.py'), /^"""Sizes that nothing/);
      },
    ],
  ];
}

function assertNear(actual, expected, tolerance) {
  assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual} is not within ${tolerance * 100} % of ${expected}`);
}
