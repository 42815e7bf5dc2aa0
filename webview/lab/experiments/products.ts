import { formatNumber } from '../../../src/protocol/numbers.js';
import { choice, slider } from '../controls.js';
import type { View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { h } from '../../dom.js';

export const products: View<'products'> = {
  name: 'products',
  tab: 'Products',
  question: 'What does a factor at every layer become?',
  text: [
    'Without activations a deep network is a product of matrices, ŷ = W⁽ᴸ⁾⋯W⁽¹⁾x. With every W = g·I the output is gᴸ·x and the gradient at the input gᴸ too: 1.5⁹ = 38.4 explodes, 0.5⁹ = 0.00195 vanishes.',
    'Random matrices do the same, but no single weight decides: only the variance does. With Var(W) = g²/n a layer multiplies the root mean square by g.',
  ],
  formula: 'ŷ = gᴸ·x   ·   n·Var(W) = g²',
  initial: { experiment: 'products', settings: { g: 1.5, widths: new Array<number>(10).fill(64), seed: 1 } },
  hasSteps: false,
  controls: (start, page) => {
    const set = (change: Partial<typeof start.settings>): void => {
      page.change({ ...start, settings: { ...start.settings, ...change } });
    };
    const { g, widths } = start.settings;
    const isUniform = new Set(widths).size === 1;
    return [
      slider('g, the factor of a layer', g, { low: 0.1, high: 2, step: 0.05, show: (v) => v.toFixed(2) }, (value) => {
        set({ g: value });
      }),
      slider('L, the layers', widths.length - 1, { low: 1, high: 40, step: 1 }, (depth) => {
        set({ widths: Array.from({ length: depth + 1 }, (_, l) => widths[l % widths.length] ?? 64) });
      }),
      ...(isUniform
        ? [
            choice(
              'n, the units of the random ones',
              [
                ['8', '8'],
                ['64', '64'],
                ['256', '256'],
                ...([8, 64, 256].includes(widths[0] ?? 0) ? [] : [[String(widths[0]), String(widths[0])] as const]),
              ],
              String(widths[0]),
              (n) => {
                set({ widths: widths.map(() => Number(n)) });
              },
            ),
          ]
        : []),
    ];
  },
  withSizes: (start, { sizes }) => ({ ...start, settings: { ...start.settings, widths: [...sizes] } }),
  words: ({ identity, random }, { settings: { g, widths } }) => {
    const depth = widths.length - 1;
    return `${formatNumber(g)} to the power of ${depth} is ${formatNumber(identity.at(-1) ?? NaN)}; the random matrices made ${formatNumber(random.at(-1) ?? NaN)} of it.`;
  },
  draw: (frame) => {
    const marks = [{ value: 1, text: 'as it came in' }];
    return [
      h(
        'div',
        { class: 'pair' },
        linePlot({
          title: 'W = g·I: what each layer gives for x = 1',
          x: 'layer',
          y: 'value',
          log: true,
          points: true,
          marks,
          lines: [
            { name: 'forward', values: frame.identity, style: 0 },
            { name: 'gradient', values: frame.identityGradient, style: 1 },
          ],
        }),
        linePlot({
          title: 'Random W of variance g²/n: root mean squares',
          x: 'layer',
          y: 'RMS',
          log: true,
          points: true,
          marks,
          lines: [
            { name: 'forward', values: frame.random, style: 0 },
            { name: 'gradient', values: frame.randomGradient, style: 1 },
            { name: 'forward by theory', values: frame.expected, style: 2 },
            { name: 'gradient by theory', values: frame.expectedGradient, style: 3 },
          ],
        }),
      ),
    ];
  },
};
