import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { choice, sizeList, slider, toggle } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { linePlot } from '../plots/lines.js';

type Frame = FrameOf<'derivation'>;

const assumptions: Readonly<Record<Frame['broken'][number], string>> = {
  zeroMean: 'weights have a mean, so signals add up in one direction',
  independent: 'all layers share one matrix, so layers are not independent',
  smallInputs: 'inputs are not small, so the activation is not linear there',
};

export const derivation: View<'derivation'> = {
  name: 'derivation',
  tab: 'Derivation',
  question: 'Where does 2/(n_in + n_out) come from?',
  text: [
    'z sums n_in products of independent numbers of mean zero, so Var(z) = n_in·Var(W)·E[a²]. Over depth the factor n_in·Var(W) is taken to a power: below 1 signals vanish, above 1 they explode, at 1 they stay.',
    'Going back, a gradient sums n_out terms, so it asks for n_out·Var(W) = 1. Both at once only where the sizes are equal; Glorot’s 2/(n_in + n_out), the harmonic mean of 1/n_in and 1/n_out, is the compromise, U(±√(6/(n_in + n_out))) its uniform law. 1/n_in alone is LeCun’s. ReLU loses half of E[a²], so He has 2/n_in.',
  ],
  formula: 'Var(z) = n·Var(W)·E[a²]',
  initial: {
    experiment: 'derivation',
    settings: {
      widths: new Array<number>(11).fill(200),
      product: 1,
      keeps: 'forward',
      activation: 'tanh',
      inputStd: 1,
      zeroMean: true,
      independent: true,
      seed: 1,
    },
  },
  hasSteps: true,
  controls: (start, page) => {
    const { settings } = start;
    const set = (change: Partial<typeof settings>): void => {
      page.change({ ...start, settings: { ...settings, ...change } });
    };
    return [
      slider(
        'n·Var(W)',
        settings.product,
        { low: 0.25, high: 4, step: 0.05, log: true, show: (v) => formatNumber(v) },
        (value) => {
          set({ product: value });
        },
      ),
      choice(
        'where n is',
        [
          ['forward', 'n_in: the signal’s'],
          ['backward', 'n_out: the gradient’s'],
          ['both', '(n_in + n_out)/2: Glorot’s'],
        ],
        settings.keeps,
        (value) => {
          set({ keeps: value });
        },
      ),
      choice(
        'Activation',
        [
          ['identity', 'none'],
          ['tanh', 'tanh'],
          ['relu', 'ReLU'],
          ['sigmoid', 'sigmoid'],
        ],
        settings.activation,
        (value) => {
          set({ activation: value });
        },
      ),
      sizeList('Units: input, then layer by layer', settings.widths, { least: 2, most: 41, widest: 2048 }, (widths) => {
        set({ widths });
      }),
      h(
        'fieldset',
        { class: 'control several' },
        h('legend', { text: 'Assumptions' }),
        toggle('weights of mean zero', settings.zeroMean, (value) => {
          set({ zeroMean: value });
        }),
        toggle('independent layers', settings.independent, (value) => {
          set({ independent: value });
        }),
        toggle('small inputs', settings.inputStd <= 1, (value) => {
          set({ inputStd: value ? 1 : 5 });
        }),
      ),
    ];
  },
  withSizes: (start, { sizes }) => ({ ...start, settings: { ...start.settings, widths: [...sizes] } }),
  words: ({ layers, draws, broken }) => {
    const last = layers.at(-1);
    if (last === undefined) return '';
    const says = `Layer ${layers.length} should have variance ${formatNumber(last.expected)}`;
    const has = last.measured === null ? '' : `; over ${draws} draws it has ${formatNumber(last.measured)}`;
    const why = broken.map((b) => assumptions[b]);
    return `${says}${has}.${why.length > 0 ? ` The rule does not hold: ${why.join('; ')}.` : ''}`;
  },
  draw: (frame) => [h('div', { class: 'pair' }, forward(frame), backward(frame)), firstStep(frame)],
};

function forward({ layers }: Frame): HTMLElement {
  return linePlot({
    title: 'Signal: Var(z) by layer',
    x: 'layer',
    first: 1,
    y: 'variance',
    log: true,
    points: true,
    marks: [{ value: 1, text: '1' }],
    lines: [
      { name: 'by the rule', values: layers.map((l) => l.expected), style: 2 },
      { name: 'measured', values: layers.map((l) => l.measured), style: 0 },
    ],
  });
}

function backward({ layers }: Frame): HTMLElement {
  return linePlot({
    title: 'Gradient: Var(∂L/∂z) by layer',
    x: 'layer',
    first: 1,
    y: 'variance',
    log: true,
    points: true,
    marks: [{ value: 1, text: '1' }],
    lines: [
      { name: 'by the rule', values: layers.map((l) => l.expectedGradient), style: 3 },
      { name: 'measured', values: layers.map((l) => l.measuredGradient), style: 1 },
    ],
  });
}

/** The rule for the first layer with its own numbers put in. */
function firstStep({ layers: [first] }: Frame): HTMLElement {
  if (first === undefined) return h('p');
  const n = formatNumber;
  const line = (name: string, formula: string): HTMLElement =>
    h('tr', {}, h('th', { text: name, attributes: { scope: 'row' } }), h('td', { text: formula }));
  return h(
    'table',
    { class: 'steps' },
    h('caption', { text: 'The first layer, in numbers' }),
    h(
      'tbody',
      {},
      line(
        'Var(z) = n_in · Var(W) · E[a²]',
        `${first.fanIn} · ${n(first.weightVariance)} · ${n(first.inputSecond)} = ${n(first.expected)}`,
      ),
      line('keeps the signal: 1/n_in', `1/${first.fanIn} = ${n(first.forwardVariance)}`),
      line('keeps the gradient: 1/n_out', `1/${first.fanOut} = ${n(first.backwardVariance)}`),
      line(
        'Glorot: 2/(n_in + n_out)',
        `2/(${first.fanIn} + ${first.fanOut}) = ${n(first.glorotVariance)}, uniform ±${n(first.glorotBound)}`,
      ),
      line(
        'as set here',
        `Var(W) = ${n(first.weightVariance)}, σ = ${n(Math.sqrt(first.weightVariance))}, uniform ±${n(first.bound)}`,
      ),
    ),
  );
}
