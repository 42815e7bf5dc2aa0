import { DEEPEST, WIDEST } from '../../../src/protocol/lab/settings.js';
import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice, slider } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { linePlot, type Line } from '../plots/lines.js';
import { fitted, setter } from '../settings.js';

type Scatter = FrameOf<'products'>['random'];

const units = [8, 64, 256];

export const products: View<'products'> = {
  name: 'products',
  tab: t('Products'),
  question: t('What does a factor at every layer become?'),
  text: t(
    'Without activations a deep network is a product of matrices, ŷ = W⁽ᴸ⁾⋯W⁽¹⁾x. With every W = g·I the output is gᴸ·x, and so is the gradient at the input times gᴸ: 1.5⁹ = 38.4 explodes, 0.5⁹ = 0.00195 vanishes. Random matrices of mean zero do the same, but no single weight decides, only their variance: with Var(W) = g²/n a layer multiplies the root mean square by g, on the average over draws.',
  ),
  formula: 'ŷ = gᴸ·x   ·   n·Var(W) = g²',
  initial: { experiment: 'products', settings: { g: 1.5, widths: new Array<number>(10).fill(64), seed: 1 } },
  controls: (start, page) => {
    const set = setter(page);
    const { g, widths } = start.settings;
    const [n = 64] = widths;
    const isUniform = new Set(widths).size === 1;
    return [
      slider(
        t('g, the factor of a layer'),
        g,
        { low: 0.1, high: 2, step: 0.05, show: (v) => v.toFixed(2) },
        (value) => {
          set({ g: value });
        },
      ),
      slider(t('L, the layers'), widths.length - 1, { low: 1, high: DEEPEST, step: 1 }, (depth) => {
        const now = page.start().settings.widths;
        set({ widths: Array.from({ length: depth + 1 }, (_, l) => now[l % now.length] ?? n) });
      }),
      isUniform
        ? choice(
            t('n, the units of the random ones'),
            [...new Set([...units, n])].sort((a, b) => a - b).map((size) => [String(size), String(size)] as const),
            String(n),
            (size) => {
              set({ widths: page.start().settings.widths.map(() => Number(size)) });
            },
          )
        : h('p', { class: 'note', text: t('units: {0}', widths.join(', ')) }),
    ];
  },
  withSizes: (start, model) => {
    const { sizes: widths, cut } = fitted(model.sizes, { deepest: DEEPEST + 1, widest: WIDEST }, model);
    return { start: { ...start, settings: { ...start.settings, widths } }, cut };
  },
  words: ({ identity, random, draws }, { settings: { g, widths } }) =>
    t(
      '{0} to the power of {1} is {2}; random matrices made {3} of it, single ones {5} to {6} (draws: {4}).',
      formatNumber(g),
      widths.length - 1,
      ...[identity.at(-1), random.overall.at(-1)].map((v) => formatNumber(v ?? NaN)),
      draws,
      ...[random.low.at(-1), random.high.at(-1)].map((v) => formatNumber(v ?? NaN)),
    ),
  draw: (frame) => [
    h(
      'div',
      { class: 'pair' },
      linePlot({
        title: t('W = g·I: what each layer gives for x = 1'),
        x: t('layer'),
        y: t('value'),
        log: true,
        points: true,
        marks: [
          { value: 1.5 ** 9, text: '1.5⁹ = 38.4' },
          { value: 0.5 ** 9, text: '0.5⁹ = 0.00195' },
        ],
        lines: [
          { name: t('forward'), values: frame.identity, style: 0 },
          { name: t('gradient'), values: frame.identityGradient, style: 1 },
        ],
      }),
      linePlot({
        title: t('Random W of variance g²/n: root mean squares'),
        x: t('layer'),
        y: 'RMS',
        log: true,
        points: true,
        marks: [{ value: 1, text: t('as it came in') }],
        lines: [
          scattered(t('forward'), frame.random, 0),
          scattered(t('gradient'), frame.randomGradient, 1),
          { name: t('forward by theory'), values: frame.expected, style: 2 },
          { name: t('gradient by theory'), values: frame.expectedGradient, style: 3 },
        ],
      }),
    ),
    h('p', {
      class: 'note',
      text: t('Lines are root mean squares over all draws; in the bands lie 10 to 90 % of single ones.'),
    }),
  ],
};

function scattered(name: string, { overall, low, high }: Scatter, style: number): Line {
  return { name, values: overall, style, band: { low, high } };
}
