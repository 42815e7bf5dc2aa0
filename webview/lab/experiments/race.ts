import { formatNumber } from '../../../src/protocol/numbers.js';
import type { RaceLaneName, RaceSubject } from '../../../src/protocol/lab/index.js';
import { choice, several, sizeList, slider, wholeNumber } from '../controls.js';
import type { View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { lossWords, percent } from '../words.js';

const laneWords: Readonly<Record<RaceLaneName, string>> = {
  current: 'current',
  recommended: 'recommended',
  zeros: 'zeros',
  normalTenth: 'N(0, 0.1²)',
  lecun: 'LeCun',
  xavier: 'Xavier',
  he: 'He',
  orthogonal: 'orthogonal',
};
const lanes = Object.keys(laneWords) as RaceLaneName[];

const deep: RaceSubject = { kind: 'sizes', widths: [64, ...new Array<number>(10).fill(64), 10], activation: 'relu' };

export const race: View<'race'> = {
  name: 'race',
  tab: 'Race',
  question: 'How does your model train from other starts?',
  text: [
    'The same model, data and seeds, from several initializations; the line is the median over draws, the band goes from 10 to 90 %. What an initialization is worth shows in the first hundred steps.',
    'For sizes without a model, “current” is PyTorch’s default for linear layers: U(±1/√n), a sixth of what a rectifier needs.',
  ],
  formula: 'PyTorch’s default: n·Var(W) = 1/3   ·   ReLU needs 2',
  initial: {
    experiment: 'race',
    settings: { data: 'digits', learningRate: 0.05, momentum: 0, seeds: 3, seed: 1 },
    subject: deep,
    lanes: ['current', 'recommended', 'xavier'],
  },
  hasSteps: true,
  controls: (start, page) => {
    const { settings, subject } = start;
    const set = (change: Partial<typeof settings>): void => {
      page.change({ ...start, settings: { ...settings, ...change } });
    };
    const models = page.models.map((model) => [`${model.uri} ${model.entry}`, model.label] as const);
    const chosen = subject.kind === 'sizes' ? 'sizes' : `${subject.uri} ${subject.entry}`;
    return [
      choice('Model', [['sizes', 'layers of these sizes'], ...models], chosen, (value) => {
        const model = page.models.find(({ uri, entry }) => `${uri} ${entry}` === value);
        page.change({
          ...start,
          subject: model === undefined ? deep : { kind: 'model', uri: model.uri, entry: model.entry },
          settings: { ...settings, data: model === undefined ? settings.data : 'teacher' },
        });
      }),
      ...(subject.kind === 'sizes'
        ? [
            sizeList('Units: input, layers, output', subject.widths, { least: 2, most: 41, widest: 1024 }, (widths) => {
              page.change({ ...start, subject: { ...subject, widths } });
            }),
            choice(
              'Activation',
              [
                ['relu', 'ReLU'],
                ['tanh', 'tanh'],
                ['gelu', 'GELU'],
                ['sigmoid', 'sigmoid'],
              ],
              subject.activation,
              (activation) => {
                page.change({ ...start, subject: { ...subject, activation } });
              },
            ),
          ]
        : []),
      choice(
        'Data',
        [
          ['digits', 'digits'],
          ['teacher', 'what a teacher network says'],
          ['spiral', 'two spirals (2 inputs)'],
        ],
        settings.data,
        (data) => {
          set({ data });
        },
      ),
      several(
        'Starts',
        lanes.map((lane) => [lane, laneWords[lane]] as const),
        start.lanes,
        6,
        (now) => {
          page.change({ ...start, lanes: [...now] });
        },
      ),
      slider('Learning rate', settings.learningRate, { low: 0.001, high: 1, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
      slider('Momentum', settings.momentum, { low: 0, high: 0.99, step: 0.01 }, (value) => {
        set({ momentum: value });
      }),
      wholeNumber('Draws a start', settings.seeds, 1, 10, (seeds) => {
        set({ seeds });
      }),
    ];
  },
  withSizes: (start, { uri, entry }) => ({
    ...start,
    subject: { kind: 'model', uri, entry },
    settings: { ...start.settings, data: 'teacher' },
  }),
  words: ({ step, lanes: all, chance }) => {
    if (step === 0) return `Guessing has a loss of ${formatNumber(chance)}.`;
    const order = all
      .map((lane) => ({ ...lane, loss: smooth(lane.losses.map(({ median }) => median)).at(-1) ?? NaN }))
      .sort((a, b) => a.loss - b.loss);
    const each = order.map(({ name, loss, error, diverged }) => {
      const lost = diverged > 0 ? `, ${diverged} diverged` : '';
      return `${laneWords[name as RaceLaneName]} ${lossWords(loss)} (${percent(error)} wrong${lost})`;
    });
    return `After ${step} steps, best first: ${each.join('; ')}.`;
  },
  draw: ({ lanes: all, chance }) => [
    linePlot({
      title: `Loss, mean of ${window} steps`,
      x: 'step',
      y: '',
      marks: [{ value: chance, text: 'guessing' }],
      lines: all.map(({ name, losses }, style) => ({
        name: laneWords[name as RaceLaneName],
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
