import { describe, expect, it } from 'vitest';
import { derivation } from '../../webview/lab/experiments/derivation.js';
import { digits } from '../../webview/lab/experiments/digits.js';
import { products } from '../../webview/lab/experiments/products.js';
import { race } from '../../webview/lab/experiments/race.js';
import { regimes } from '../../webview/lab/experiments/regimes.js';
import { scale } from '../../webview/lab/experiments/scale.js';
import { symmetry } from '../../webview/lab/experiments/symmetry.js';
import { chainLanes, runRace } from '../../src/core/experiments/index.js';
import { createKernels } from '../../src/core/propagation/kernels/index.js';
import { parseFromLabPage, type LabModel, type LabStart } from '../../src/protocol/lab/index.js';

const views = [symmetry, scale, products, derivation, regimes, digits, race];

const modelOf = (sizes: readonly number[], cut?: string): LabModel => ({
  uri: 'file:///w/m.py',
  entry: 'Net()',
  label: 'm.py: Net()',
  sizes: [...sizes],
  ...(cut === undefined ? {} : { cut }),
});

describe.each(views.map((view) => [view.name, view] as const))('%s', (_, view) => {
  it('asks a question and answers it in two or three sentences, with a formula', () => {
    expect(view.question).toMatch(/\?$/);
    const sentences = view.text.split(/(?<=[.!?])\s+/);
    expect(sentences.length).toBeGreaterThanOrEqual(2);
    expect(sentences.length).toBeLessThanOrEqual(3);
    expect(view.formula).toMatch(/[=⇒~]/);
  });

  it.each([
    ['small', modelOf([4, 3, 2])],
    ['a convolutional one', modelOf([25, 150, 400, 120, 84, 10])],
    [
      'the largest that the Lab is told of',
      modelOf(new Array<number>(41).fill(2048), 'the last 9 layers are left out'),
    ],
    ['one unit wide', modelOf([1, 1, 1, 1])],
  ])('takes the sizes of any model within its bounds, and says what it cut: %s', (_, model) => {
    const starts = view as unknown as {
      initial: LabStart;
      withSizes(start: LabStart, model: LabModel): { start: LabStart; cut?: string };
    };
    const { start, cut } = starts.withSizes(starts.initial, model);
    expect(parseFromLabPage({ type: 'start', run: 1, what: start, play: false })).toMatchObject({ ok: true });
    expect(start).not.toEqual(starts.initial);
    if (model.cut !== undefined) expect(cut).toContain(model.cut);
    if (model.sizes.length <= 6 && Math.max(...model.sizes) < 64) expect(cut).toBeUndefined();
  });
});

it('a race on a model’s sizes is one that there is room for', () => {
  const { start } = race.withSizes(race.initial, modelOf([27, 576, 1152, ...new Array<number>(12).fill(2048), 1000]));
  if (start.subject.kind !== 'sizes') throw new Error('no sizes');
  const lanes = chainLanes(start.subject.widths, start.subject.activation, start.lanes, 32);
  const kernels = createKernels({ limit: 2 ** 28 });
  expect(runRace(start.settings, lanes, undefined, { exact: kernels, fast: kernels }).frame().step).toBe(0);
});

describe('what is often said otherwise', () => {
  const all = views.map(({ text, formula, correction }) => [text, formula, correction].join(' ')).join(' ');

  it.each([
    ['whose 1/n is', /1\/n is LeCun’s initialization; Xavier’s is 2\/\(n_in \+ n_out\)/],
    ['variance and deviation', /a hundredth of the variance is a tenth of the deviation/],
    ['Glorot’s number', /2\/\(n_in \+ n_out\) is a variance, not a standard deviation/],
    ['sigmoids', /no initialization makes a deep stack of sigmoids train/],
  ])('is said as it is: %s', (_, words) => {
    expect(all).toMatch(words);
  });
});
