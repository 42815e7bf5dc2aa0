// Every control of "What if…", turned as a person does: what is compared follows, and the file stays as it is.
import assert from 'node:assert/strict';
import { panelHands } from './panel-hands.mjs';
import { until } from './until.mjs';

const file = 'mlp_default.py';
/** As near as eight inputs of 1000 entries come to a variance of 1. */
const near = (x, expected) => Math.abs(x / expected - 1) < 0.08;

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function whatIfSteps(world) {
  const { bench } = world;
  const { page, panel, data, at, shot, control, seen, drawn } = panelHands(world);
  const notes = async () => (await panel()).locator('.what-if-notes').innerText();
  const facts = async () => (await panel()).locator('.facts').innerText();
  const choose = async (label, value) => (await control(label)).selectOption(value);
  const fill = async (label, value) => {
    const field = await control(label);
    await field.fill(value);
    await field.press('Enter');
  };
  const press = async (label, key, times) => {
    const slider = await control(label);
    await slider.focus();
    for (let i = 0; i < times; i++) await page.keyboard.press(key);
  };
  const reset = async () => {
    await (await panel()).getByRole('button', { name: 'Reset' }).click();
    await until(async () => (await (await control('Compare with initialization')).inputValue()) === 'recommended');
  };

  return [
    [
      'each initialization of the list is compared',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.theme('Light Modern');
        await bench.openFile(file);
        await bench.command('InitScope: Inspect Model');
        await drawn();
        // fan-in 1000 throughout; the biases' own 1/3000 is left as it is.
        const expected = {
          he_normal: 2,
          he_uniform: 2,
          glorot_normal: 1,
          glorot_uniform: 1,
          lecun_normal: 1,
          lecun_uniform: 1,
          orthogonal: 1,
          default: 1 / 3,
        };
        for (const [init, variance] of Object.entries(expected)) {
          await choose('Compare with initialization', init);
          await seen('forwardCompared', 'net.0', (x) => near(x, variance));
        }
        for (const [init, label, value, variance] of [
          ['uniform', 'a', '0.1', 10 / 3],
          ['normal', 'σ', '0.1', 10],
        ]) {
          await choose('Compare with initialization', init);
          await fill(label, value);
          await seen('forwardCompared', 'net.0', (x) => near(x, variance));
        }
        // A sum of the same 1000 entries in every unit: its variance is that of eight numbers.
        await choose('Compare with initialization', 'constant');
        await fill('value', '0.05');
        await seen('forwardCompared', 'net.0', (x) => x > 0.5 && x < 8);
        await choose('Compare with initialization', 'zeros');
        await seen('forwardCompared', 'net.0', (x) => x < 1e-3);
      },
    ],
    [
      'activation, depth, width and input scale change the comparison; reset takes all back',
      async () => {
        await (await panel()).getByText('What if…').click();
        await choose('Compare with initialization', 'none');
        await choose('Activation', 'tanh');
        await seen('forwardCompared', 'net.1', (x) => x > 0.2);
        await press('Input scale', 'ArrowRight', 4);
        await seen('forwardCompared', 'net.0', (x) => x > 30);
        await shot('panel-what-if');
        await reset();
        await choose('Compare with initialization', 'none');
        const depth = async () => (await control('Depth')).inputValue();
        await press('Depth', 'ArrowLeft', 2);
        await until(async () => (await depth()) === '-1');
        assert.equal(await (await control('Depth')).getAttribute('aria-valuetext'), '×0.5');
        // Half as deep: the last layer gets the same gradient, ten layers in front of it.
        await until(async () => /×0\.5/.test(await (await panel()).locator('.strokes').innerText()));
        await reset();
        await choose('Compare with initialization', 'normal');
        await fill('σ', '0.02');
        await seen('forwardCompared', 'net.2', (x) => near(x, 0.08));
        // Twice as wide: the first layer takes the same inputs, the second twice as many.
        await press('Width', 'ArrowRight', 2);
        await seen('forwardCompared', 'net.2', (x) => near(x, 0.16));
        await reset();
      },
    ],
    [
      'batch, first seed and draws hold for the draws of both',
      async () => {
        await choose('Compare with initialization', 'he_normal');
        await fill('Draws', '3');
        await drawn();
        await seen('forwardCompared', 'net.38', (x) => x > 0.3);
        const before = at(await data(), 'drawnSignal', 'net.38');
        await fill('First seed', '77');
        await drawn();
        await until(async () => at(await data(), 'drawnSignal', 'net.38') !== before);
        await fill('Batch', '32');
        await until(async () => /batch 32/.test(await (await panel()).locator('.strokes').innerText()));
        await seen('forwardCompared', 'net.38', (x) => x > 0.3);
        await reset();
      },
    ],
    [
      'what cannot be done is said, and the rest is done',
      async () => {
        await (await control('without normalization')).check();
        await until(async () => /Normalization: /.test(await notes()));
        await reset();
        await until(async () => (await notes()) === '');
      },
    ],
    [
      'draws stream in with progress, and Cancel ends them',
      async () => {
        await choose('Compare with initialization', 'he_normal');
        // Enough to do that a hand is quicker.
        await fill('Batch', '1024');
        await fill('Draws', '100');
        const running = (await panel()).locator('.running');
        await until(async () => /\d+ of \d+ draws/.test(await running.innerText()));
        await until(async () => (await running.locator('progress').evaluate((p) => p.value)) > 0);
        await running.getByRole('button', { name: 'Cancel' }).click();
        await until(async () => (await (await panel()).locator('.running.idle').count()) === 1);
        // What had come in stays.
        assert.ok(at(await data(), 'drawnSignal', 'net.38') > 0);
        await reset();
        await drawn();
      },
    ],
    [
      'one layer alone is tried',
      async () => {
        await (await panel()).locator('tbody tr').nth(4).click();
        await choose('Compare with initialization', 'zeros');
        await (await control('only the selected layer')).check();
        await seen('forwardCompared', 'net.4', (x) => x < 1e-3);
        await seen('forwardCompared', 'net.2', (x) => x > 0.01);
        await reset();
      },
    ],
    [
      'an edit leaves zoom, selection and what-if as they are',
      async () => {
        const frame = await panel();
        await choose('Compare with initialization', 'he_normal');
        await frame.locator('tbody tr').nth(6).click();
        await frame.getByRole('button', { name: 'Zoom in' }).click();
        await until(async () => (await data()).window.to < 39);
        const { window, labels } = await data();
        const line = bench.editor(file).locator('.view-line', { hasText: 'WIDTH = 1000' });
        await line.click();
        await page.keyboard.press('End');
        await page.keyboard.type('0');
        await until(async () => (await facts()).includes('input (1, 10000)'));
        const after = await data();
        assert.deepEqual([after.window, after.labels], [window, labels]);
        assert.equal(await (await control('Compare with initialization')).inputValue(), 'he_normal');
        await until(async () => /net\.6/.test(await frame.locator('.detail h2').innerText()));
        await until(async () => {
          await page.keyboard.press('Control+z');
          return (await facts()).includes('input (1, 1000)');
        });
        // The browser's VS Code saves now and then, and may have saved what was undone.
        await page.keyboard.press('Control+s');
        await frame.getByRole('button', { name: 'Show all layers' }).click();
        await reset();
        await frame.getByText('What if…').click();
      },
    ],
    [
      'without normalization a network that has it is another',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.openFile('cnn_batchnorm.py');
        await bench.command('InitScope: Inspect Model');
        await drawn();
        const frame = await panel();
        if ((await frame.locator('.more-controls[open]').count()) === 0) await frame.getByText('What if…').click();
        await choose('Compare with initialization', 'none');
        await (await control('without normalization')).check();
        await until(async () => /no normalization/.test(await frame.locator('.strokes').innerText()));
        await until(async () => {
          const { series } = await data();
          return series.forwardCompared.some((x, i) => x !== null && x < 0.5 * series.forward[i]);
        });
        await reset();
        await frame.getByText('What if…').click();
      },
    ],
  ];
}
