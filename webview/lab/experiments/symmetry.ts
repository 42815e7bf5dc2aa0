import { formatNumber } from '../../../src/protocol/numbers.js';
import { MOST_EQUAL, MOST_EQUAL_LAYERS } from '../../../src/protocol/lab/settings.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice, slider, toggle } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { lossPlot } from '../plots/loss.js';
import { networkPicture } from '../plots/network.js';
import { hiddenOf, setter } from '../settings.js';
import { activationOptions, lossWords } from '../words.js';

type Frame = FrameOf<'symmetry'>;

const nudge = 0.01;
const limits = { deepest: MOST_EQUAL_LAYERS, widest: MOST_EQUAL };

export const symmetry: View<'symmetry'> = {
  name: 'symmetry',
  tab: t('Symmetry'),
  question: t('Why not start all weights equal?'),
  text: t(
    'Units that start with equal weights, such as two rectifiers relu(αx₁ + αx₂), give equal outputs and get equal gradients, so they are equal again after every step: a layer of them is worth one unit, however wide it is. Equal is not frozen: the weights do move, but together. One small random number on one weight is enough to part its unit from the others.',
  ),
  formula: 'wᵢ = wⱼ, vᵢ = vⱼ  ⇒  ∂L/∂wᵢ = ∂L/∂wⱼ, ∂L/∂vᵢ = ∂L/∂vⱼ',
  initial: {
    experiment: 'symmetry',
    settings: { hidden: [2], activation: 'relu', alpha: 0.5, nudge: 0, learningRate: 0.5, seed: 1 },
    links: 'both',
  },
  controls: (start, page) => {
    const set = setter(page);
    const { hidden, activation, alpha, nudge: now, learningRate } = start.settings;
    return [
      choice(t('Network'), networks(hidden), hidden.join(), (sizes) => {
        set({ hidden: sizes.split(',').map(Number) });
      }),
      choice(t('Activation'), activationOptions('relu', 'tanh', 'sigmoid'), activation, (value) => {
        set({ activation: value });
      }),
      slider(t('All weights start at α'), alpha, { low: 0, high: 2, step: 0.01 }, (value) => {
        set({ alpha: value });
      }),
      toggle(t('Add one small random number'), now !== 0, (isOn) => {
        set({ nudge: isOn ? nudge : 0 });
      }),
      slider(t('Learning rate'), learningRate, { low: 0.01, high: 5, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
      choice(
        t('Links show'),
        [
          ['both', t('weights and gradients')],
          ['weights', t('weights')],
          ['gradients', t('gradients')],
        ],
        start.links,
        (links) => {
          page.look({ ...page.start(), links });
        },
      ),
    ];
  },
  withSizes: (start, model) => {
    const { sizes, cut } = hiddenOf(model, limits);
    const hidden = sizes.map((n) => Math.max(2, n));
    // Of weights that are all alike, n·α is what multiplies the signal: 1 keeps it within bounds.
    const alpha = Math.max(0.01, Number((1 / Math.max(...hidden)).toFixed(2)));
    return { start: { ...start, settings: { ...start.settings, hidden, alpha } }, cut };
  },
  words: ({ identical, apart, loss, step, moves, different, activations }: Frame) => {
    if (step === 0)
      return identical
        ? t('The units of a layer are equal to the last bit.')
        : t('One weight differs, by {0}.', formatNumber(apart));
    if (identical)
      return moves
        ? t(
            'After step {0} the units have moved and are still equal to the last bit; the loss is {1}.',
            step,
            lossWords(loss),
          )
        : t('After step {0} nothing has moved: at zero every gradient of these weights is zero.', step);
    const layers = different.map((n, l) => t('{0} of {1}', n, activations[l + 1]?.length ?? 0)).join(', ');
    return t(
      'After step {0} the units are up to {1} apart, and there are different ones in the hidden layers: {2}; the loss is {3}.',
      step,
      formatNumber(apart),
      layers,
      lossWords(loss),
    );
  },
  draw: (frame, { links }) => [
    h(
      'div',
      { class: 'pair' },
      links !== 'gradients' && networkPicture(frame, 'weights'),
      links !== 'weights' && networkPicture(frame, 'gradients'),
    ),
    lossPlot(frame.curve, t('step')),
  ],
};

/** The two of the explanation, and the one in use where it is another. */
function networks(hidden: readonly number[]): (readonly [string, string])[] {
  const known = [
    ['2', t('2–2–1: two units')],
    ['3', '2–3–1'],
  ] as const;
  const own = hidden.join();
  return known.some(([value]) => value === own) ? [...known] : [...known, [own, `2–${hidden.join('–')}–1`]];
}
