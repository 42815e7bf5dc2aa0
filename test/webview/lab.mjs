// A walk through the Lab as a person takes it, in a real VS Code.
import assert from 'node:assert/strict';
import { violationsIn } from './axe.mjs';
import { experiments } from './lab-experiments.mjs';
import { LabHands, tabs } from './lab-hands.mjs';
import { until } from './until.mjs';

const themes = [
  ['Dark Modern', /vscode-dark/, 'dark'],
  ['Dark High Contrast', /vscode-high-contrast(?!-light)/, 'hc-dark'],
  ['Light High Contrast', /vscode-high-contrast-light/, 'hc-light'],
  ['Light Modern', /vscode-light/, 'light'],
];

/** @param {{ bench: import('../../scripts/lib/workbench.mjs').Workbench, results: string }} world */
export function labSteps({ bench, results }) {
  const hands = new LabHands(bench, results);
  const { page, frame } = hands;

  return [
    [
      'the Lab opens from the palette',
      async () => {
        await bench.command('View: Close All Editors');
        await bench.theme('Light Modern');
        await bench.openFile('mlp_default.py');
        await bench.openFile('lenet.py');
        await bench.command('InitScope: Open Lab');
        await frame.getByRole('heading', { name: 'Why not start all weights equal?' }).waitFor();
        await hands.untilWords(experiments.Symmetry.start);
      },
    ],
    ...tabs.map((tab) => [
      `${tab}: stepped, reset, reseeded, played, paused, on a model’s own sizes`,
      () => everyButton(hands, tab),
    ]),
    [
      'symmetry: one nudge parts one unit; links show weights, gradients or both',
      async () => {
        await hands.open('Symmetry');
        const pictures = frame.locator('.pictures svg.network');
        assert.equal(await pictures.count(), 2);
        await hands.control('Links show').selectOption('gradients');
        await until(async () => (await pictures.count()) === 1);
        assert.match(await frame.locator('.pictures').innerText(), /Gradients/);
        await hands.control('Links show').selectOption('both');
        await hands.control('Network').selectOption('3');
        await hands.control('Add one small random number').check();
        await hands.untilWords(/One weight differs/);
        await hands.button('Play').click();
        await hands.untilWords(/After step \d\d+ the units are up to .* in the hidden layers: 2 of 3/);
        await hands.pause();
        await hands.shot('symmetry-parted');
        await hands.button('Defaults').click();
        await hands.untilWords(experiments.Symmetry.start);
      },
    ],
    [
      'scale: right learns, zero does not, too large starts saturated',
      async () => {
        await hands.open('Scale');
        await hands.button('Play').click();
        await hands.untilWords(/it learns\. Loss 0\.[0-2]/);
        await hands.pause();
        await hands.shot('scale-learnt');
        await hands.control('Weights start').selectOption('zero');
        await hands.untilWords(/The loss starts at 0\.693/);
        await hands.button('Play').click();
        await hands.untilWords(/does not learn/);
        await hands.pause();
        await hands.control('Weights start').selectOption('large');
        await hands.untilWords(
          /The loss starts at \d?[2-9]\.?\d* *; guessing has 0\.693\. \d\d % of the outputs are saturated/,
        );
        await hands.button('Defaults').click();
        await hands.untilWords(/The loss starts at/);
      },
    ],
    [
      'products: 1.5⁹ and 0.5⁹',
      async () => {
        await hands.open('Products');
        await hands.untilWords(/1\.50 to the power of 9 is 38\.4/);
        assert.match(await hands.pictures(), /1\.5⁹ = 38\.4/);
        await hands.control('g, the factor of a layer').fill('0.5');
        await hands.untilWords(/0\.500 to the power of 9 is 0\.00195/);
        await hands.button('Defaults').click();
        await hands.untilWords(/is 38\.4/);
      },
    ],
    [
      'derivation: the rule, and where it fails',
      async () => {
        await hands.open('Derivation');
        for (const [label, words] of [
          ['weights of mean zero', /An assumption is off: weights have a mean/],
          ['independent layers', /An assumption is off: every second layer/],
          ['small inputs', /An assumption is off: inputs are not small/],
        ]) {
          await hands.control(label).uncheck();
          await hands.untilWords(words);
          await hands.button('Play').click();
          await hands.untilWords(/draws: 20\)/);
          await hands.shot(`derivation-without-${label.replaceAll(' ', '-')}`);
          await hands.control(label).check();
          await until(async () => !/is off/.test(await hands.words()));
        }
      },
    ],
    [
      'regimes: N(0, 0.1²) at fan-in 784 reaches the flat ends, Xavier does not',
      async () => {
        await hands.open('Regimes');
        await hands.untilWords(/First layer: variance [78]\.\d+, .*1\d % on the flat ends/);
        await hands.control('Weights').selectOption('xavier');
        await hands.untilWords(/First layer: variance (0\.9|1\.0)\d+, .* 0\.?\d* % on the flat ends/);
        await hands.button('Defaults').click();
      },
    ],
    [
      'digits: Xavier is under 5 % wrong after 150 batches; zero and N(0, 1) are not',
      async () => {
        await hands.open('Digits');
        const wrong = () => hands.number(/, (?:< )?([\d.]+) % wrong/);
        await hands.button('Play').click();
        await pace(hands);
        await hands.untilWords(/Batch (1[5-9]\d|[2-9]\d\d|\d,\d+),/);
        await hands.pause();
        assert.match(await hands.words(), /it learns/);
        assert.ok((await wrong()) < 5, await hands.words());
        await hands.shot('digits-xavier');
        for (const [start, verdict] of [
          ['zero', /does not learn/],
          ['standardNormal', /stuck|diverges/],
        ]) {
          await hands.control('Weights start').selectOption(start);
          await hands.untilWords(/Guessing/);
          await hands.button('Play').click();
          await hands.untilWords(/Batch (1[5-9]\d|[2-9]\d\d|\d,\d+),/);
          await hands.pause();
          assert.match(await hands.words(), verdict);
          assert.ok((await wrong()) > 50, await hands.words());
          await hands.shot(`digits-${start}`);
        }
        await hands.button('Defaults').click();
      },
    ],
    [
      'race: the recommended start wins over PyTorch’s default, on sizes; and a model of the file races, too',
      async () => {
        await hands.open('Race');
        await hands.button('Play').click();
        await hands.untilWords(/After step \d\d+, best first: recommended/);
        await hands.pause();
        await hands.shot('race');
        await hands.chooseModel('Model', /lenet/);
        await hands.untilWords(/Guessing has a loss/);
        await hands.button('Step').click();
        await hands.untilWords(/After step 1, best first/);
        await hands.button('Defaults').click();
        await hands.untilWords(/Guessing has a loss/);
      },
    ],
    ['an experiment wholly by the keyboard', () => byKeyboard(hands)],
    [
      'reduced motion: few pictures, many steps',
      async () => {
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await hands.open('Symmetry');
        const inner = await hands.inner();
        await inner.evaluate(() => {
          globalThis.drawn = 0;
          new globalThis.MutationObserver(() => globalThis.drawn++).observe(
            globalThis.document.querySelector('.pictures'),
            {
              childList: true,
            },
          );
        });
        await hands.button('Play').click();
        await until(async () => (await inner.evaluate(() => globalThis.drawn)) >= 4, 60_000);
        const drawn = await inner.evaluate(() => globalThis.drawn);
        assert.ok((await hands.number(experiments.Symmetry.count)) > 3 * (drawn - 1), await hands.words());
        await hands.pause();
        await page.emulateMedia({ reducedMotion: null });
        await hands.button('Defaults').click();
      },
    ],
    ...themes.map(([theme, marker, name]) => [
      `axe finds nothing in any experiment: ${theme}`,
      async () => {
        await hands.theme(theme, marker);
        for (const tab of tabs) {
          await hands.open(tab);
          await hands.button('Step').click();
          await until(async () => (await hands.number(experiments[tab].count)) === experiments[tab].first);
          await hands.shot(`${tab.toLowerCase()}-${name}`);
          assert.deepEqual(await violationsIn(frame), [], `${theme}: ${tab}`);
        }
      },
    ]),
    ...[
      ['in a narrow window', 'narrow', { width: 760, height: 900 }],
      ['at a zoom of 200 %', 'zoomed', { width: 720, height: 450 }],
    ].map(([where, name, size]) => [
      `${where} nothing runs out of the page`,
      async () => {
        const before = page.viewportSize();
        await page.setViewportSize(size);
        for (const tab of tabs) {
          await hands.open(tab);
          await until(() => frame.locator('body').evaluate((body) => body.scrollWidth <= body.clientWidth + 1));
          await hands.shot(`${name}-${tab.toLowerCase()}`);
        }
        await page.setViewportSize(before);
      },
    ]),
    [
      'a reload brings the experiment and the settings of each back',
      async () => {
        for (const tab of tabs) {
          await hands.open(tab);
          const { label, value } = experiments[tab].setting;
          await set(hands.control(label), value);
          await hands.setSeed(7);
          await hands.drawn();
        }
        // VS Code writes down what pages keep every few seconds.
        await page.waitForTimeout(8_000);
        await page.reload();
        await frame.getByRole('heading', { name: 'How does your model train' }).waitFor({ timeout: 60_000 });
        for (const tab of [...tabs].reverse()) {
          await hands.open(tab);
          const { label, value } = experiments[tab].setting;
          assert.equal(await hands.control(label).inputValue(), value, tab);
          assert.equal(await hands.control('Seed').inputValue(), '7', tab);
          await hands.button('Step').click();
          await until(async () => (await hands.number(experiments[tab].count)) === experiments[tab].first);
        }
      },
    ],
  ];
}

async function set(control, value) {
  if ((await control.evaluate((element) => element.tagName)) === 'SELECT') await control.selectOption(value);
  else {
    await control.fill(value);
    await control.press('Enter');
  }
}

/** Equal seeds give the same pictures to the last digit, others other ones; a pause keeps the count. */
async function everyButton(hands, tab) {
  const { start, count, first, sized } = experiments[tab];
  await hands.open(tab);
  await hands.untilWords(start);
  const seed = await hands.control('Seed').inputValue();
  await hands.step(start, count, first);
  const before = await hands.pictures();
  await hands.setSeed(Number(seed) + 10);
  await hands.untilWords(start);
  await hands.step(start, count, first);
  assert.notEqual(await hands.pictures(), before);
  await hands.setSeed(seed);
  await hands.untilWords(start);
  await hands.step(start, count, first);
  assert.equal(await hands.pictures(), before);
  await hands.button('Reset').click();
  await hands.untilWords(start);

  await hands.button('Play').click();
  await until(async () => (await hands.number(count)) > first + 2, 60_000);
  await hands.pause();
  await hands.shot(tab.toLowerCase());
  if (await hands.button('Step').isEnabled()) {
    const n = await hands.number(count);
    await hands.step(start, count, n + 1);
  }

  await hands.chooseModel('Run it on your own sizes', /lenet/);
  await until(() => sized(hands));
  await hands.untilWords(start);
  await hands.step(start, count, first);
  await hands.shot(`${tab.toLowerCase()}-own-sizes`);
  await hands.button('Defaults').click();
  await until(async () => !(await sized(hands)));
  await hands.untilWords(start);
}

/** Tab, arrows, space and Enter alone: another experiment, its settings, all buttons, the numbers. */
async function byKeyboard(hands) {
  const { page } = hands;
  const { start, count, first } = experiments.Scale;
  await hands.open('Race');
  await page.keyboard.press('Home');
  await until(async () => (await hands.focused()) === 'Symmetry');
  await page.keyboard.press('ArrowRight');
  await until(async () => (await hands.focused()) === 'Scale');
  await hands.untilWords(start);

  await hands.tabTo('Weights start');
  await page.keyboard.press('End');
  await until(async () => (await hands.control('Weights start').inputValue()) === 'he');
  assert.equal(await hands.focused(), 'Weights start');
  await hands.tabTo('Hidden layers');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('8, 4');
  await hands.tabTo('Learning rate');
  await page.keyboard.press('ArrowLeft');
  await hands.tabTo('Play');
  await page.keyboard.press('Enter');
  await until(async () => (await hands.number(count)) > 20, 60_000);
  await until(async () => (await hands.focused()) === 'Pause');

  // While it plays, what was opened stays open and has the focus.
  await hands.tabTo('Numbers');
  await page.keyboard.press('Enter');
  const n = await hands.number(count);
  await until(async () => (await hands.number(count)) > n + 20, 60_000);
  assert.equal(await hands.focused(), 'Numbers');
  assert.equal(await hands.frame.locator('.pictures details[open]').count(), 1);

  await page.keyboard.press('Shift+Tab');
  while ((await hands.focused()) !== 'Pause') await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await hands.button('Play').waitFor();
  const paused = await hands.number(count);
  await hands.tabTo('Step');
  await page.keyboard.press('Enter');
  await until(async () => (await hands.number(count)) === paused + 1);
  await hands.tabTo('Reset');
  await page.keyboard.press('Enter');
  await hands.untilWords(start);
  await hands.tabTo('Defaults');
  await page.keyboard.press('Enter');
  await until(async () => (await hands.control('Weights start').inputValue()) === 'right');
  await hands.tabTo('Seed');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await until(async () => (await hands.control('Seed').inputValue()) === '3');
  await hands.untilWords(start);
  await hands.tabTo('Step');
  await page.keyboard.press('Space');
  await until(async () => (await hands.number(count)) === first);
  await hands.button('Defaults').click();
}

/** Says how fast it goes here: for people, since no machine promises it. */
async function pace(hands) {
  const { count } = experiments.Digits;
  await until(async () => (await hands.number(count)) > 5, 60_000);
  const inner = await hands.inner();
  const from = await hands.number(count);
  const { frames, seconds } = await inner.evaluate(
    () =>
      new Promise((done) => {
        const began = performance.now();
        let n = 0;
        const tick = (now) => {
          n++;
          if (now - began < 3_000) globalThis.requestAnimationFrame(tick);
          else done({ frames: n, seconds: (now - began) / 1000 });
        };
        globalThis.requestAnimationFrame(tick);
      }),
  );
  const batches = (await hands.number(count)) - from;
  console.log(`    ${(batches / seconds).toFixed(0)} batches and ${(frames / seconds).toFixed(0)} frames a second`);
}
