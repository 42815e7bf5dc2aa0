import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice } from '../controls.js';
import type { StartOf, View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { lossPlot } from '../plots/loss.js';
import { surfacePicture } from '../plots/surface.js';
import { setter, trainingControls, withHidden } from '../settings.js';
import { lossWords, percent, verdictWords } from '../words.js';

const limits = { deepest: 12, widest: 512 };

export const scale: View<'scale'> = {
  name: 'scale',
  tab: t('Scale'),
  question: t('What do weights too small, right, and too large do?'),
  text: t(
    'A small network of rectifiers with a sigmoid at its end learns to tell two kinds of points apart; its weights start with a hundredth, once, or a hundred times the variance 1/n, n being the fan-in. Too small: signals and gradients shrink at every layer, and learning waits. Too large: outputs saturate at once, the loss starts far above guessing, and big steps kill rectifiers.',
  ),
  formula: 'Var(W) = c/n, c = 0, 0.01, 1, 100   ·   Xavier 2/(n_in + n_out)   ·   He 2/n',
  correction: t(
    'Variance is not standard deviation: a hundredth of the variance is a tenth of the deviation. And 1/n is LeCun’s initialization; Xavier’s is 2/(n_in + n_out).',
  ),
  initial: {
    experiment: 'scale',
    settings: { data: 'circle', start: 'right', hidden: [6, 3], learningRate: 0.3, seed: 2 },
  },
  controls: (start, page) => {
    const set = setter(page);
    return [
      choice(
        t('Weights start'),
        [
          ['zero', t('at zero')],
          ['small', t('too small: 0.01 × 1/n')],
          ['right', t('right: 1/n (LeCun)')],
          ['large', t('too large: 100 × 1/n')],
          ['xavier', 'Xavier: 2/(n_in + n_out)'],
          ['he', 'He: 2/n'],
        ],
        start.settings.start,
        (value) => {
          set({ start: value });
        },
      ),
      choice(
        t('Points'),
        [
          ['circle', t('circle')],
          ['moons', t('moons')],
          ['squares', t('squares')],
          ['gaussians', t('gaussians')],
          ['spiral', t('spiral')],
        ],
        start.settings.data,
        (value) => {
          set({ data: value });
        },
      ),
      ...trainingControls(start.settings, limits, set),
    ];
  },
  withSizes: withHidden<StartOf<'scale'>>(limits),
  words: ({ step, verdict, loss, error, dead, saturated }) =>
    [
      step === 0
        ? t('The loss starts at {0}; guessing has {1}.', lossWords(loss), formatNumber(Math.LN2))
        : t(
            'Step {0}: {1}. Loss {2}, {3} of the points on the wrong side.',
            step,
            verdictWords(verdict),
            lossWords(loss),
            percent(error),
          ),
      saturated > 0.3 ? t('{0} of the outputs are saturated.', percent(saturated)) : '',
      dead > 0 ? t('{0} of the hidden units are dead.', percent(dead)) : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  draw: (frame) => [
    h(
      'div',
      { class: 'pair' },
      surfacePicture(frame),
      lossPlot(frame.curve, t('step'), Math.LN2),
      linePlot({
        title: t('Standard deviations by layer'),
        x: t('layer'),
        first: 1,
        y: 'σ',
        log: true,
        points: true,
        lines: [
          { name: t('signal'), values: frame.layers.map(({ signal }) => signal), style: 0 },
          { name: t('gradient'), values: frame.layers.map(({ gradient }) => gradient), style: 1 },
        ],
      }),
    ),
  ],
};
