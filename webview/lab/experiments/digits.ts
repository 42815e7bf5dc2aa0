import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { choice, sizeList, slider } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { bars } from '../plots/bars.js';
import { linePlot } from '../plots/lines.js';
import { digitsPicture } from '../plots/digits.js';
import { lossWords, percent, verdictWords } from '../words.js';

export const digits: View<'digits'> = {
  name: 'digits',
  tab: 'Digits',
  question: 'What happens inside a deep tanh network while it learns?',
  text: [
    'Images of digits go through four hidden layers of tanh and a softmax, a hundred at a time, by plain gradient descent. Watch what each layer gives, and the gradient there, while the batches go by.',
    'At zero nothing moves but the last bias. N(0, 1) drives nine units in ten into the flat ends of tanh: what little is learnt, the last layer learns alone. Xavier keeps activations and gradients alike from layer to layer.',
  ],
  formula: 'Xavier: W ~ U(±√(6/(n_in + n_out)))',
  initial: {
    experiment: 'digits',
    settings: { start: 'xavier', hidden: [300, 300, 300, 300], learningRate: 0.3, seed: 1 },
  },
  hasSteps: true,
  controls: (start, page) => {
    const set = (change: Partial<typeof start.settings>): void => {
      page.change({ ...start, settings: { ...start.settings, ...change } });
    };
    const { images } = page;
    return [
      choice(
        'Weights start',
        [
          ['zero', 'at zero'],
          ['uniformByFan', 'uniform ±1/√n (PyTorch’s default)'],
          ['xavier', 'Xavier'],
          ['standardNormal', 'N(0, 1)'],
          ['uniformTenth', 'uniform ±0.1'],
          ['normalTenth', 'N(0, 0.1²)'],
        ],
        start.settings.start,
        (value) => {
          set({ start: value });
        },
      ),
      sizeList('Hidden layers', start.settings.hidden, { least: 1, most: 12, widest: 1024 }, (hidden) => {
        set({ hidden });
      }),
      slider('Learning rate', start.settings.learningRate, { low: 0.01, high: 3, step: 0.1, log: true }, (value) => {
        set({ learningRate: value });
      }),
      h(
        'div',
        { class: 'control' },
        h('span', {
          text: images === undefined ? 'Digits' : `${images.name}: ${images.count.toLocaleString('en-US')}`,
        }),
        h('button', {
          class: 'secondary',
          text: 'Choose MNIST files…',
          onClick: () => {
            page.chooseImages();
          },
        }),
        images?.isOwn === true &&
          h('button', {
            class: 'secondary',
            text: 'Back to the ones that ship',
            onClick: () => {
              page.shippedImages();
            },
          }),
      ),
    ];
  },
  withSizes: (start, { sizes }) => ({
    ...start,
    settings: {
      ...start.settings,
      hidden: sizes
        .slice(1, -1)
        .slice(0, 12)
        .map((n) => Math.min(1024, n)),
    },
  }),
  words: ({ step, seen, verdict, loss, error }) =>
    step === 0
      ? `Guessing has a loss of ${formatNumber(Math.log(10))} and is wrong nine times in ten.`
      : `Batch ${step.toLocaleString('en-US')}, ${seen.toLocaleString('en-US')} images seen: ${verdictWords(verdict)}. Loss ${lossWords(loss)}, ${percent(error)} wrong.`,
  draw: (frame) => [
    h('div', { class: 'layers' }, ...frame.layers.map(layerPictures)),
    h(
      'div',
      { class: 'pair' },
      linePlot({
        title: 'Loss',
        x: 'batch',
        y: '',
        every: frame.curve.every,
        marks: [{ value: Math.log(10), text: 'guessing' }],
        lines: [{ name: 'loss', values: frame.curve.losses, style: 0 }],
      }),
      digitsPicture(frame.shown),
    ),
  ],
};

function layerPictures(layer: FrameOf<'digits'>['layers'][number], i: number): HTMLElement {
  const { activations, activationStd, gradients, gradientStd, saturated } = layer;
  return h(
    'figure',
    { class: 'layer' },
    h('figcaption', { text: `Layer ${i + 1}` }),
    bars({
      label: `Activations of layer ${i + 1}: standard deviation ${formatNumber(activationStd)}, ${percent(saturated)} saturated`,
      histogram: activations,
      style: 0,
    }),
    h('p', { class: 'note', text: `activations, σ ${formatNumber(activationStd)}; ${percent(saturated)} saturated` }),
    bars({
      label: `Gradients at layer ${i + 1}: standard deviation ${formatNumber(gradientStd)}`,
      histogram: gradients,
      style: 1,
    }),
    h('p', { class: 'note', text: `gradients, σ ${formatNumber(gradientStd)}` }),
  );
}
