import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice, sizeList } from '../controls.js';
import type { View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { regimeLegend, regimePicture } from '../plots/regimes.js';
import { fitted, setter } from '../settings.js';
import { activationOptions, percent } from '../words.js';

const limits = { deepest: 20, widest: 2048 };

export const regimes: View<'regimes'> = {
  name: 'regimes',
  tab: t('Regimes'),
  question: t('Where on its curve does an activation work?'),
  text: t(
    'A pre-activation sums n products, so its variance is n·Var(W)·E[a²]. Drawn over the activation it shows which units work in the nearly linear middle, and which sit on the flat ends where hardly any gradient passes. A fixed scale such as N(0, 0.1²) knows nothing of n: at fan-in 784 it is eight times the variance 1/n.',
  ),
  formula: 'Var(z) = n·Var(W)·E[a²]   ·   784 · 0.1² = 7.84   ·   784 · 1/784 = 1',
  correction: t(
    'Xavier keeps sigmoids in their middle, but no initialization makes a deep stack of sigmoids train: their slope is at most ¼, so that with n·Var(W) = 1 a layer passes at most a sixteenth of the gradient’s variance, and larger weights flatten them.',
  ),
  initial: {
    experiment: 'regimes',
    settings: { activation: 'sigmoid', start: 'normalTenth', fanIns: [784, 784, 784, 784, 784], seed: 1 },
  },
  controls: (start, page) => {
    const set = setter(page);
    const { activation, start: weights, fanIns } = start.settings;
    return [
      choice(
        t('Activation'),
        activationOptions('sigmoid', 'tanh', 'relu', 'gelu', 'silu', 'selu'),
        activation,
        (value) => {
          set({ activation: value });
        },
      ),
      choice(
        t('Weights'),
        [
          ['uniformTenth', t('uniform ±0.1')],
          ['normalTenth', 'N(0, 0.1²)'],
          ['xavier', 'Xavier'],
          ['he', 'He'],
        ],
        weights,
        (value) => {
          set({ start: value });
        },
      ),
      sizeList(
        t('Fan-ins, layer by layer'),
        fanIns,
        { least: 1, most: limits.deepest, widest: limits.widest },
        (sizes) => {
          set({ fanIns: sizes });
        },
      ),
    ];
  },
  withSizes: (start, model) => {
    const { sizes: fanIns, cut } = fitted(model.sizes.slice(0, -1), limits, model);
    return { start: { ...start, settings: { ...start.settings, fanIns } }, cut };
  },
  words: ({ layers, draws }) => {
    const of = ({ measuredVariance, measured }: (typeof layers)[number]): string =>
      t(
        'variance {0}, {1} in the linear middle, {2} on the flat ends',
        formatNumber(measuredVariance),
        percent(measured.linear),
        percent(measured.flat),
      );
    const [first] = layers;
    const last = layers.at(-1);
    if (first === undefined || last === undefined) return '';
    const said =
      layers.length === 1
        ? [t('One layer: {0}.', of(first))]
        : [t('First layer: {0}.', of(first)), t('Last layer: {0}.', of(last))];
    return [...said, t('Draws: {0}.', draws)].join(' ');
  },
  draw: (frame) => [
    regimeLegend(),
    h('div', { class: 'layers wide' }, ...frame.layers.map((layer, i) => regimePicture(frame, layer, i))),
    linePlot({
      title: t('Variance of z by layer'),
      x: t('layer'),
      first: 1,
      y: t('variance'),
      log: true,
      points: true,
      lines: [
        { name: t('measured'), values: frame.layers.map((l) => l.measuredVariance), style: 0 },
        { name: t('theory of wide layers'), values: frame.layers.map((l) => l.variance), style: 2 },
      ],
    }),
  ],
};
