import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { choice, sizeList, slider } from '../controls.js';
import type { View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { surfacePicture } from '../plots/surface.js';
import { lossWords, percent, verdictWords } from '../words.js';

export const scale: View<'scale'> = {
  name: 'scale',
  tab: 'Scale',
  question: 'What do weights too small, right, and too large do?',
  text: [
    'A small network of rectifiers with a sigmoid at its end learns to tell two kinds of points apart. Its weights start with a hundredth, once, or a hundred times the variance 1/n, n being the fan-in.',
    'Too small: signals and gradients shrink at every layer, and learning waits. Too large: outputs saturate at once, the loss starts far above guessing, and big steps kill rectifiers.',
  ],
  formula: 'Var(W) = c/n, c = 0.01, 1, 100   ·   Xavier 2/(n_in + n_out)   ·   He 2/n',
  initial: {
    experiment: 'scale',
    settings: { data: 'circle', start: 'right', hidden: [6, 3], learningRate: 0.3, seed: 2 },
  },
  hasSteps: true,
  controls: (start, page) => {
    const set = (change: Partial<typeof start.settings>): void => {
      page.change({ ...start, settings: { ...start.settings, ...change } });
    };
    return [
      choice(
        'Weights start',
        [
          ['zero', 'at zero'],
          ['small', 'too small: 0.01 × 1/n'],
          ['right', 'right: 1/n (LeCun)'],
          ['large', 'too large: 100 × 1/n'],
          ['xavier', 'Xavier: 2/(n_in + n_out)'],
          ['he', 'He: 2/n'],
        ],
        start.settings.start,
        (value) => {
          set({ start: value });
        },
      ),
      choice(
        'Points',
        [
          ['circle', 'circle'],
          ['moons', 'moons'],
          ['squares', 'squares'],
          ['gaussians', 'gaussians'],
          ['spiral', 'spiral'],
        ],
        start.settings.data,
        (value) => {
          set({ data: value });
        },
      ),
      sizeList('Hidden layers', start.settings.hidden, { least: 1, most: 12, widest: 512 }, (hidden) => {
        set({ hidden });
      }),
      slider('Learning rate', start.settings.learningRate, { low: 0.01, high: 3, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
    ];
  },
  withSizes: (start, { sizes }) => ({
    ...start,
    settings: {
      ...start.settings,
      hidden: sizes
        .slice(1, -1)
        .slice(0, 12)
        .map((n) => Math.min(512, n)),
    },
  }),
  words: ({ step, verdict, loss, error, dead, saturated }) =>
    [
      step === 0
        ? `The loss starts at ${lossWords(loss)}; guessing has ${formatNumber(Math.LN2)}.`
        : `Step ${step}: ${verdictWords(verdict)}. Loss ${lossWords(loss)}, ${percent(error)} of the points on the wrong side.`,
      saturated > 0.3 ? `${percent(saturated)} of the outputs are saturated.` : '',
      dead > 0 ? `${percent(dead)} of the hidden units are dead.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  draw: (frame) => [
    h(
      'div',
      { class: 'pair' },
      surfacePicture(frame),
      linePlot({
        title: 'Loss',
        x: 'step',
        y: '',
        every: frame.curve.every,
        marks: [{ value: Math.LN2, text: 'guessing' }],
        lines: [{ name: 'loss', values: frame.curve.losses, style: 0 }],
      }),
    ),
    linePlot({
      title: 'Standard deviations by layer',
      x: 'layer',
      first: 1,
      y: 'σ',
      log: true,
      points: true,
      lines: [
        { name: 'signal', values: frame.layers.map(({ signal }) => signal), style: 0 },
        { name: 'gradient', values: frame.layers.map(({ gradient }) => gradient), style: 1 },
      ],
    }),
  ],
};
