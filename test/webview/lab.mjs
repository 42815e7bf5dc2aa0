// A walk through the Lab as a person takes it, in a real VS Code: each experiment played, paused, stepped, reset, reseeded, and set to a model's own sizes.
import assert from 'node:assert/strict';
import path from 'node:path';
import { violationsIn } from './axe.mjs';
import { until } from './until.mjs';

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function labSteps({ bench, results }) {
  const { page } = bench;
  const lab = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  const shot = (name) => page.screenshot({ path: path.join(results, `lab-${name}.png`) });
  const button = (name) => lab.getByRole('button', { name, exact: true });
  const words = () => lab.locator('.words').innerText();
  const untilWords = (pattern) => until(async () => pattern.test(await words()), 30_000);
  const open = async (tab) => {
    await lab.getByRole('tab', { name: tab }).click();
    await until(async () => (await lab.getByRole('tab', { name: tab }).getAttribute('aria-selected')) === 'true');
  };
  /** Steps once, plays, pauses, and goes back to the start. */
  const run = async (stepped, played) => {
    await button('Step').click();
    await untilWords(stepped);
    await button('Play').click();
    await untilWords(played);
    if (await button('Pause').isVisible()) await button('Pause').click();
    await button('Play').waitFor();
  };
  const chooseModel = async (label, pattern) => {
    const select = lab.getByLabel(label, { exact: true });
    const named = async () => (await select.locator('option').allInnerTexts()).find((text) => pattern.test(text));
    await until(async () => (await named()) !== undefined);
    await select.selectOption({ label: await named() });
  };
  const number = async (pattern) => Number((await words()).match(pattern)?.[1]?.replaceAll(',', ''));

  return [
    [
      'the Lab opens from the palette',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.theme('Light Modern');
        await bench.openFile('mlp_default.py');
        await bench.openFile('lenet.py');
        await bench.command('InitScope: Open Lab');
        await lab.getByRole('heading', { name: 'Why not start all weights equal?' }).waitFor();
        await untilWords(/equal to the last bit/);
      },
    ],
    [
      'symmetry: equal units stay equal, one nudge parts them',
      async () => {
        await run(/After 1 steps .*still equal to the last bit/, /After \d\d+ steps .*still equal to the last bit/);
        await shot('symmetry');
        await lab.getByLabel('Add one small random number').check();
        await untilWords(/One weight differs/);
        await button('Play').click();
        await untilWords(/After \d\d+ steps the units are up to/);
        await button('Pause').click();
        await button('Reset').click();
        await untilWords(/One weight differs/);
        await button('Defaults').click();
        await untilWords(/equal to the last bit/);
      },
    ],
    [
      'scale: right learns, zero does not, another seed starts elsewhere',
      async () => {
        await open('Scale');
        await untilWords(/The loss starts at/);
        await run(/Step 1:/, /it learns\. Loss 0\.[0-4]/);
        await shot('scale-light');
        await lab.getByLabel('Weights start').selectOption('zero');
        await untilWords(/The loss starts at 0\.693/);
        await button('Play').click();
        await untilWords(/does not learn/);
        await button('Pause').click();
        await lab.getByLabel('Weights start').selectOption('large');
        await untilWords(/The loss starts at/);
        const before = await number(/starts at ([\d.,]+)/);
        await lab.getByLabel('Seed').fill('5');
        await lab.getByLabel('Seed').press('Enter');
        await until(async () => (await number(/starts at ([\d.,]+)/)) !== before);
      },
    ],
    [
      'the Lab follows the theme',
      async () => {
        for (const [theme, name] of [
          ['Dark Modern', 'dark'],
          ['Dark High Contrast', 'high-contrast'],
          ['Light Modern', 'light'],
        ]) {
          await bench.theme(theme);
          await until(async () => /vscode-/.test((await lab.locator('body').getAttribute('class')) ?? ''));
          await shot(`theme-${name}`);
        }
      },
    ],
    [
      'products: 1.5⁹ and 0.5⁹, and a depth by the keyboard',
      async () => {
        await open('Products');
        await untilWords(/to the power of 9 is 38\.4/);
        await shot('products');
        const g = lab.getByLabel('g, the factor of a layer');
        await g.fill('0.5');
        await untilWords(/0\.500 to the power of 9 is 0\.00195/);
        await lab.getByLabel('L, the layers').focus();
        await page.keyboard.press('ArrowRight');
        await untilWords(/to the power of 10 is/);
      },
    ],
    [
      'derivation: the rule, and where it fails',
      async () => {
        await open('Derivation');
        await untilWords(/should have variance/);
        await button('Play').click();
        await untilWords(/over 8 draws it has/);
        await shot('derivation');
        await lab.getByLabel('weights of mean zero').uncheck();
        await untilWords(/The rule does not hold: weights have a mean/);
        await lab.getByLabel('weights of mean zero').check();
        await until(async () => !/does not hold/.test(await words()));
      },
    ],
    [
      'regimes: N(0, 0.1²) at fan-in 784 reaches the flat ends, Xavier does not',
      async () => {
        await open('Regimes');
        await untilWords(/First layer: variance 7\.\d+, .*1\d % on the flat ends/);
        await shot('regimes');
        await lab.getByLabel('Weights').selectOption('xavier');
        await untilWords(/First layer: variance (0\.9|1\.0)/);
      },
    ],
    [
      'digits: Xavier learns, N(0, 1) does not',
      async () => {
        await open('Digits');
        await untilWords(/Guessing has a loss of 2\.30/);
        await button('Play').click();
        await untilWords(/it learns\. Loss [\d.]+, [0-4](\.\d+)? % wrong/);
        await button('Pause').click();
        await shot('digits');
        await lab.getByLabel('Weights start').selectOption('standardNormal');
        await untilWords(/Guessing/);
        await button('Play').click();
        await untilWords(/Batch (\d\d\d|[4-9]\d),.*(stuck|diverges)/);
        await button('Pause').click();
        await shot('digits-normal');
      },
    ],
    [
      'a model’s own sizes: those of the open file',
      async () => {
        await chooseModel('Run it on your own sizes', /mlp_default/);
        await until(async () => /^1000/.test(await lab.getByLabel('Hidden layers').inputValue()));
        await untilWords(/Guessing/);
        await button('Step').click();
        await untilWords(/Batch 1,/);
        await button('Defaults').click();
        await until(async () => (await lab.getByLabel('Hidden layers').inputValue()) === '300, 300, 300, 300');
      },
    ],
    [
      'race: the recommended start wins over PyTorch’s default, on sizes and on a model of the file',
      async () => {
        await open('Race');
        await button('Play').click();
        await untilWords(/After \d\d+ steps, best first: recommended/);
        await button('Pause').click();
        await shot('race');
        await chooseModel('Model', /lenet/);
        await untilWords(/Guessing has a loss/);
        await button('Step').click();
        await untilWords(/After 1 steps, best first/);
      },
    ],
    [
      'axe finds nothing in any experiment; in light, dark and both high contrasts',
      async () => {
        const themes = [
          ['Dark Modern', /vscode-dark/],
          ['Dark High Contrast', /vscode-high-contrast/],
          ['Light High Contrast', /vscode-high-contrast-light/],
          ['Light Modern', /vscode-light/],
        ];
        for (const [theme, marker] of themes) {
          await bench.theme(theme);
          await until(async () => marker.test((await lab.locator('body').getAttribute('class')) ?? ''));
          for (const tab of ['Symmetry', 'Scale', 'Products', 'Derivation', 'Regimes', 'Digits', 'Race']) {
            await open(tab);
            await until(async () => (await words()) !== '' && (await lab.locator('.pictures figure').count()) > 0);
            assert.deepEqual(await violationsIn(lab), [], `${theme}: ${tab}`);
          }
        }
      },
    ],
    [
      'narrow, nothing runs out of the page',
      async () => {
        const before = page.viewportSize();
        await page.setViewportSize({ width: 760, height: 900 });
        for (const tab of ['Symmetry', 'Digits', 'Race']) {
          await open(tab);
          await until(async () => (await lab.locator('.pictures figure').count()) > 0);
          await until(() => lab.locator('body').evaluate((body) => body.scrollWidth <= body.clientWidth + 1));
          await shot(`narrow-${tab.toLowerCase()}`);
        }
        await page.setViewportSize(before);
      },
    ],
    [
      'tabs by the keyboard; a reload brings experiment and settings back',
      async () => {
        await open('Race');
        await lab.getByRole('tab', { name: 'Race' }).press('ArrowRight');
        await until(
          async () => (await lab.getByRole('tab', { name: 'Symmetry' }).getAttribute('aria-selected')) === 'true',
        );
        await lab.getByLabel('Activation').selectOption('tanh');
        // VS Code writes down what pages keep every few seconds.
        await page.waitForTimeout(8_000);
        await page.reload();
        await lab.getByRole('heading', { name: 'Why not start all weights equal?' }).waitFor({ timeout: 60_000 });
        await until(async () => (await lab.getByLabel('Activation').inputValue()) === 'tanh');
        await untilWords(/equal to the last bit/);
      },
    ],
  ];
}
