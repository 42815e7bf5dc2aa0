import { DEEPEST, MOST_RACE_WEIGHTS, type RaceLaneName, type RaceSubject } from '../../../src/protocol/lab/settings.js';
import { formatNumber } from '../../../src/protocol/numbers.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice, several, sizeList, slider, wholeNumber } from '../controls.js';
import type { Page, StartOf, View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { fitted, setter } from '../settings.js';
import { activationOptions, lossWords, percent } from '../words.js';

const laneWords: Readonly<Record<RaceLaneName, string>> = {
  current: t('current'),
  recommended: t('recommended'),
  zeros: t('zeros'),
  normalTenth: 'N(0, 0.1²)',
  lecun: 'LeCun',
  xavier: 'Xavier',
  he: 'He',
  orthogonal: t('orthogonal'),
};
const lanes = Object.keys(laneWords) as RaceLaneName[];

const deep: RaceSubject = { kind: 'sizes', widths: [64, ...new Array<number>(10).fill(64), 10], activation: 'relu' };

const limits = { deepest: DEEPEST + 1, widest: 1024 };

export const race: View<'race'> = {
  name: 'race',
  tab: t('Race'),
  question: t('How does your model train from other starts?'),
  text: t(
    'The same model, data and seeds, from several initializations; the line is the median over draws, the band goes from 10 to 90 %. What an initialization is worth shows in the first hundred steps.',
  ),
  formula: 'PyTorch’s default: n·Var(W) = 1/3   ·   ReLU: n·Var(W) = 2',
  correction: t(
    'For sizes without a model, “current” is PyTorch’s default for linear layers, U(±1/√n): a sixth of the variance that a rectifier needs.',
  ),
  initial: {
    experiment: 'race',
    settings: { data: 'digits', learningRate: 0.05, momentum: 0, seeds: 3, seed: 1 },
    subject: deep,
    lanes: ['current', 'recommended', 'xavier'],
  },
  controls: (start, page) => {
    const { settings } = start;
    const set = setter(page);
    return [
      ...subjectControls(start, page),
      choice(
        t('Data'),
        [
          ['digits', t('digits')],
          ['teacher', t('what a teacher network says')],
          ['spiral', t('two spirals (2 inputs)')],
        ],
        settings.data,
        (data) => {
          set({ data });
        },
      ),
      several(
        t('Starts'),
        lanes.map((lane) => [lane, laneWords[lane]] as const),
        start.lanes,
        6,
        (now) => {
          page.change({ ...page.start(), lanes: [...now] });
        },
      ),
      slider(t('Learning rate'), settings.learningRate, { low: 0.001, high: 1, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
      slider(t('Momentum'), settings.momentum, { low: 0, high: 0.99, step: 0.01 }, (value) => {
        set({ momentum: value });
      }),
      wholeNumber(t('Draws a start'), settings.seeds, 1, 10, (seeds) => {
        set({ seeds });
      }),
    ];
  },
  withSizes: (start, model) => {
    const { sizes: widths, cut } = fitted(model.sizes, { ...limits, widest: widestFor(model.sizes, start) }, model);
    const activation = start.subject.kind === 'sizes' ? start.subject.activation : 'relu';
    return {
      start: {
        ...start,
        subject: { kind: 'sizes', widths, activation },
        settings: { ...start.settings, data: 'teacher' },
      },
      cut,
    };
  },
  words: ({ step, lanes: all, chance, leftOut }) => {
    const without = leftOut.map(({ name, reason }) => ` ${t('Left out: {0} ({1}).', nameOf(name), reason)}`).join('');
    if (step === 0) return t('Guessing has a loss of {0}.', formatNumber(chance)) + without;
    const order = all
      .map((lane) => ({ ...lane, loss: smooth(lane.losses.map(({ median }) => median)).at(-1) ?? NaN }))
      .sort((a, b) => a.loss - b.loss);
    const each = order.map(({ name, loss, error, diverged }) => {
      const wrong = t('{0} wrong', percent(error));
      const lost = diverged > 0 ? `, ${t('{0} diverged', diverged)}` : '';
      return `${nameOf(name)} ${lossWords(loss)} (${wrong}${lost})`;
    });
    return t('After step {0}, best first: {1}.', step, each.join('; ')) + without;
  },
  draw: ({ lanes: all, chance }) => [
    linePlot({
      title: t('Loss, mean of {0} steps', window),
      x: t('step'),
      y: '',
      marks: [{ value: chance, text: t('guessing') }],
      lines: all.map(({ name, losses }, style) => ({
        name: nameOf(name),
        style,
        values: smooth(losses.map(({ median }) => Math.min(median, 4 * chance))),
        band: {
          low: smooth(losses.map(({ low }) => Math.min(low, 4 * chance))),
          high: smooth(losses.map(({ high }) => Math.min(high, 4 * chance))),
        },
      })),
    }),
  ],
};

/** The widest layers with which all draws of all starts still find room. */
function widestFor(sizes: readonly number[], { settings, lanes: starts }: StartOf<'race'>): number {
  const draws = settings.seeds * starts.length * (settings.momentum > 0 ? 2 : 1);
  const weights = (widest: number): number => {
    const own = sizes.slice(0, limits.deepest).map((n) => Math.min(widest, n));
    return own.slice(1).reduce((sum, n, l) => sum + n * ((own[l] ?? 0) + 1), 0);
  };
  const fits = (widest: number): boolean => draws * weights(widest) <= MOST_RACE_WEIGHTS;
  return [limits.widest, 512, 256].find(fits) ?? 128;
}

/** A model of the user's, or layers of sizes that can be changed. */
function subjectControls({ subject }: StartOf<'race'>, page: Page<'race'>): HTMLElement[] {
  const models = page.models.map((model) => [keyOf(model), model.label] as const);
  const chosen = subject.kind === 'sizes' ? 'sizes' : keyOf(subject);
  // After a reload its file may not be read yet, or be closed.
  const absent =
    subject.kind === 'model' && !models.some(([key]) => key === chosen) ? [[chosen, subject.entry] as const] : [];
  const choose = choice(t('Model'), [['sizes', t('layers of these sizes')], ...models, ...absent], chosen, (value) => {
    const model = page.models.find((one) => keyOf(one) === value);
    const start = page.start();
    page.change({
      ...start,
      subject: model === undefined ? deep : { kind: 'model', uri: model.uri, entry: model.entry },
      settings: { ...start.settings, data: model === undefined ? start.settings.data : 'teacher' },
    });
  });
  if (subject.kind === 'model') return [choose];
  const changeSizes = (change: Partial<Pick<typeof subject, 'widths' | 'activation'>>): void => {
    const start = page.start();
    if (start.subject.kind === 'sizes') page.change({ ...start, subject: { ...start.subject, ...change } });
  };
  return [
    choose,
    sizeList(
      t('Units: input, layers, output'),
      subject.widths,
      { least: 2, most: limits.deepest, widest: limits.widest },
      (widths) => {
        changeSizes({ widths });
      },
    ),
    choice(t('Activation'), activationOptions('relu', 'tanh', 'gelu', 'sigmoid'), subject.activation, (activation) => {
      changeSizes({ activation });
    }),
  ];
}

function keyOf({ uri, entry }: { readonly uri: string; readonly entry: string }): string {
  return `${uri} ${entry}`;
}

function nameOf(lane: string): string {
  return laneWords[lane as RaceLaneName];
}

/** The loss of one batch is a poor witness. */
const window = 10;

/** Means of the last values, fewer at the start. */
function smooth(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((v, i) => {
    sum += v - (values[i - window] ?? 0);
    return sum / Math.min(window, i + 1);
  });
}
