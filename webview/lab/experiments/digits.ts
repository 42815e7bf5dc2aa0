import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice } from '../controls.js';
import type { FrameOf, Page, StartOf, View } from '../experiment.js';
import { bars } from '../plots/bars.js';
import { digitsPicture } from '../plots/digits.js';
import { lossPlot } from '../plots/loss.js';
import { setter, trainingControls, withHidden } from '../settings.js';
import { lossWords, percent, verdictWords } from '../words.js';

const limits = { deepest: 12, widest: 1024 };

export const digits: View<'digits'> = {
  name: 'digits',
  tab: t('Digits'),
  question: t('What happens inside a deep tanh network while it learns?'),
  text: t(
    'Images of digits go through hidden layers of tanh and a softmax, a hundred at a time, by plain gradient descent; what each layer gives, and the gradient there, is drawn while the batches go by. At zero nothing moves but the last bias. N(0, 1) drives nine units in ten into the flat ends of tanh, and what little is learnt the last layer learns alone, while Xavier keeps activations and gradients alike from layer to layer.',
  ),
  formula: 'Xavier: W ~ U(±√(6/(n_in + n_out))), Var(W) = 2/(n_in + n_out)',
  correction: t(
    'N(0, 1/n_in), often called Xavier’s, is LeCun’s. Uniform ±1/√n is neither: its variance is 1/(3n), a third of LeCun’s.',
  ),
  initial: {
    experiment: 'digits',
    settings: { start: 'xavier', hidden: [300, 300, 300, 300], learningRate: 0.3, seed: 1 },
  },
  controls: (start, page) => {
    const set = setter(page);
    return [
      choice(
        t('Weights start'),
        [
          ['zero', t('at zero')],
          ['uniformByFan', t('uniform ±1/√n (PyTorch’s default)')],
          ['xavier', 'Xavier'],
          ['standardNormal', 'N(0, 1)'],
          ['uniformTenth', t('uniform ±0.1')],
          ['normalTenth', 'N(0, 0.1²)'],
        ],
        start.settings.start,
        (value) => {
          set({ start: value });
        },
      ),
      ...trainingControls(start.settings, limits, set),
      imagesControl(page),
    ];
  },
  withSizes: withHidden<StartOf<'digits'>>(limits),
  words: ({ step, seen, verdict, loss, error }) =>
    step === 0
      ? t('Guessing has a loss of {0} and is wrong nine times in ten.', formatNumber(Math.log(10)))
      : t(
          'Batch {0}, {1} images seen: {2}. Loss {3}, {4} wrong.',
          step.toLocaleString('en-US'),
          seen.toLocaleString('en-US'),
          verdictWords(verdict),
          lossWords(loss),
          percent(error),
        ),
  draw: (frame) => [
    h('div', { class: 'layers' }, ...frame.layers.map(layerPictures)),
    h('div', { class: 'pair' }, lossPlot(frame.curve, t('batch'), Math.log(10)), digitsPicture(frame.shown)),
  ],
};

/** Which images are in use, and buttons for others. */
function imagesControl({ images, chooseImages, shippedImages }: Page<'digits'>): HTMLElement {
  return h(
    'div',
    { class: 'control images' },
    h('span', {
      text: images === undefined ? t('Digits') : `${images.name}: ${images.count.toLocaleString('en-US')}`,
    }),
    h('button', {
      class: 'secondary',
      text: t('Choose MNIST files…'),
      attributes: { id: 'choose-images' },
      onClick: chooseImages,
    }),
    images?.isOwn === true &&
      h('button', { class: 'secondary', text: t('Back to the ones that ship'), onClick: shippedImages }),
  );
}

function layerPictures(layer: FrameOf<'digits'>['layers'][number], i: number): HTMLElement {
  const { activations, activationStd, gradients, gradientStd, saturated } = layer;
  const deviation = formatNumber(activationStd);
  const gradientDeviation = formatNumber(gradientStd);
  return h(
    'figure',
    { class: 'layer' },
    h('figcaption', { text: t('Layer {0}', i + 1) }),
    bars({
      label: t('Activations of layer {0}: standard deviation {1}, {2} saturated', i + 1, deviation, percent(saturated)),
      histogram: activations,
      style: 0,
    }),
    h('p', { class: 'note', text: t('activations, σ {0}; {1} saturated', deviation, percent(saturated)) }),
    bars({
      label: t('Gradients at layer {0}: standard deviation {1}', i + 1, gradientDeviation),
      histogram: gradients,
      style: 1,
    }),
    h('p', { class: 'note', text: t('gradients, σ {0}', gradientDeviation) }),
  );
}
