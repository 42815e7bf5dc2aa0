import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { choice, slider, toggle } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';
import { networkPicture } from '../plots/network.js';
import { lossWords } from '../words.js';

type Frame = FrameOf<'symmetry'>;

const nudge = 0.01;

export const symmetry: View<'symmetry'> = {
  name: 'symmetry',
  tab: 'Symmetry',
  question: 'Why not start all weights equal?',
  text: [
    'Two rectified units relu(αx₁ + αx₂) with equal weights give equal outputs, so their gradients are equal, so one step later they are equal again. The hidden layer is as good as one unit, however wide it is.',
    'Equal is not frozen: the weights do move, but together. One small random number on one weight is enough to let the units part.',
  ],
  formula: 'wᵢ = wⱼ, vᵢ = vⱼ ⇒ ∂L/∂wᵢ = ∂L/∂wⱼ',
  initial: {
    experiment: 'symmetry',
    settings: { hidden: 2, activation: 'relu', alpha: 0.5, nudge: 0, learningRate: 0.5, seed: 1 },
  },
  hasSteps: true,
  controls: (start, page) => {
    const set = (change: Partial<typeof start.settings>): void => {
      page.change({ ...start, settings: { ...start.settings, ...change } });
    };
    const { hidden, activation, alpha, nudge: now, learningRate } = start.settings;
    return [
      choice(
        'Network',
        [
          ['2', '2–2–1: two units'],
          ['3', '2–3–1'],
          ...(hidden > 3 ? [[String(hidden), `2–${hidden}–1`] as const] : []),
        ],
        String(hidden),
        (value) => {
          set({ hidden: Number(value) });
        },
      ),
      choice(
        'Activation',
        [
          ['relu', 'ReLU'],
          ['tanh', 'tanh'],
          ['sigmoid', 'sigmoid'],
        ],
        activation,
        (value) => {
          set({ activation: value });
        },
      ),
      slider('All weights start at α', alpha, { low: 0, high: 2, step: 0.1 }, (value) => {
        set({ alpha: value });
      }),
      toggle('Add one small random number', now !== 0, (isOn) => {
        set({ nudge: isOn ? nudge : 0 });
      }),
      slider('Learning rate', learningRate, { low: 0.01, high: 5, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
    ];
  },
  withSizes: (start, { sizes }) => ({
    ...start,
    settings: { ...start.settings, hidden: Math.min(64, Math.max(2, sizes[1] ?? 2)) },
  }),
  words: ({ identical, apart, loss, step, moves }: Frame) =>
    step === 0
      ? identical
        ? 'All hidden units are equal to the last bit.'
        : `One weight differs, by ${formatNumber(apart)}.`
      : identical
        ? moves
          ? `After ${step} steps the units have moved and are still equal to the last bit; the loss is ${lossWords(loss)}.`
          : `After ${step} steps nothing has moved: at zero every gradient of these weights is zero.`
        : `After ${step} steps the units are up to ${formatNumber(apart)} apart; the loss is ${lossWords(loss)}.`,
  draw: (frame) => [
    h('div', { class: 'pair' }, networkPicture(frame, 'weights'), networkPicture(frame, 'gradients')),
    linePlot({
      title: 'Loss',
      x: 'step',
      y: '',
      every: frame.curve.every,
      lines: [{ name: 'loss', values: frame.curve.losses, style: 0 }],
    }),
  ],
};
