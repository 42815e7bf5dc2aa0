import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { choice, sizeList } from '../controls.js';
import type { View } from '../experiment.js';
import { regimePicture } from '../plots/regimes.js';
import { linePlot } from '../plots/lines.js';
import { percent } from '../words.js';

export const regimes: View<'regimes'> = {
  name: 'regimes',
  tab: 'Regimes',
  question: 'Where on its curve does an activation work?',
  text: [
    'A pre-activation sums n products, so its variance is n·Var(W)·E[a²]. Drawn over the activation it shows which units work in the nearly linear middle, and which sit on the flat ends where hardly any gradient passes.',
    'A fixed scale such as N(0, 0.1²) knows nothing of n: at fan-in 784 it is eight times Xavier’s variance. And Xavier keeps sigmoids in their middle, but nothing makes a deep stack of sigmoids train: their slope is at most ¼.',
  ],
  formula: 'Var(z) = n·Var(W)·E[a²]',
  initial: {
    experiment: 'regimes',
    settings: { activation: 'sigmoid', start: 'normalTenth', fanIns: [784, 784, 784, 784, 784], seed: 1 },
  },
  hasSteps: false,
  controls: (start, page) => {
    const set = (change: Partial<typeof start.settings>): void => {
      page.change({ ...start, settings: { ...start.settings, ...change } });
    };
    return [
      choice(
        'Activation',
        [
          ['sigmoid', 'sigmoid'],
          ['tanh', 'tanh'],
          ['relu', 'ReLU'],
          ['gelu', 'GELU'],
          ['silu', 'SiLU'],
          ['selu', 'SELU'],
        ],
        start.settings.activation,
        (value) => {
          set({ activation: value });
        },
      ),
      choice(
        'Weights',
        [
          ['uniformTenth', 'uniform ±0.1'],
          ['normalTenth', 'N(0, 0.1²)'],
          ['xavier', 'Xavier'],
          ['he', 'He'],
        ],
        start.settings.start,
        (value) => {
          set({ start: value });
        },
      ),
      sizeList('Fan-ins, layer by layer', start.settings.fanIns, { least: 1, most: 20, widest: 2048 }, (fanIns) => {
        set({ fanIns });
      }),
    ];
  },
  withSizes: (start, { sizes }) => ({
    ...start,
    settings: { ...start.settings, fanIns: sizes.slice(0, -1).slice(0, 20) },
  }),
  words: ({ layers }) => {
    const [first] = layers;
    const last = layers.at(-1);
    if (first === undefined || last === undefined) return '';
    const of = (layer: typeof first): string =>
      `variance ${formatNumber(layer.measuredVariance)}, ${percent(layer.measured.linear)} in the linear middle, ${percent(layer.measured.flat)} on the flat ends`;
    return layers.length === 1 ? `One layer: ${of(first)}.` : `First layer: ${of(first)}. Last layer: ${of(last)}.`;
  },
  draw: (frame) => [
    h('div', { class: 'layers wide' }, ...frame.layers.map((layer, i) => regimePicture(frame, layer, i))),
    linePlot({
      title: 'Variance of z by layer',
      x: 'layer',
      first: 1,
      y: 'variance',
      log: true,
      points: true,
      lines: [
        { name: 'measured', values: frame.layers.map((l) => l.measuredVariance), style: 0 },
        { name: 'theory of wide layers', values: frame.layers.map((l) => l.variance), style: 2 },
      ],
    }),
  ],
};
