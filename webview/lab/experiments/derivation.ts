import { DEEPEST, WIDEST } from '../../../src/protocol/lab/settings.js';
import { formatNumber } from '../../../src/protocol/numbers.js';
import { h } from '../../dom.js';
import { t } from '../../../src/protocol/l10n.js';
import { choice, sizeList, slider, toggle } from '../controls.js';
import type { FrameOf, View } from '../experiment.js';
import { linePlot, type Line } from '../plots/lines.js';
import { fitted, setter } from '../settings.js';
import { activationOptions } from '../words.js';

type Frame = FrameOf<'derivation'>;
type Layer = Frame['layers'][number];

const small = 0.1;
const large = 2;
const limits = { deepest: DEEPEST + 1, widest: WIDEST };

const failures: Readonly<Record<Frame['broken'][number], string>> = {
  zeroMean: t('weights have a mean of 2/n_in, so what units have in common doubles at every layer'),
  independent: t(
    'every second layer has the matrix of the one before, transposed, so what that stretched is stretched once more',
  ),
  smallInputs: t('inputs are not small, so the activation is not linear there: only the rule with E[a²] holds'),
};

export const derivation: View<'derivation'> = {
  name: 'derivation',
  tab: t('Derivation'),
  question: t('Where does 2/(n_in + n_out) come from?'),
  text: t(
    'z sums n_in products of independent numbers of mean zero, so Var(z) = n_in·Var(W)·E[a²]; over depth the factor n_in·Var(W) is taken to a power: below 1 signals vanish, above 1 they explode, at 1 they stay where the activation is as good as linear. Going back a gradient sums n_out terms, so it asks for n_out·Var(W) = 1; Glorot’s 2/(n_in + n_out), the harmonic mean of 1/n_in and 1/n_out, is the compromise. A rectifier passes half of E[z²], so He takes 2/n_in.',
  ),
  formula: 'Var(z) = n·Var(W)·E[a²]   ·   Glorot: U(±√(6/(n_in + n_out))) has Var(W) = 2/(n_in + n_out)',
  correction: t(
    '2/(n_in + n_out) is a variance, not a standard deviation: that is its root. 1/n_in alone is LeCun’s, and Xavier’s only where n_in = n_out.',
  ),
  initial: {
    experiment: 'derivation',
    settings: {
      widths: new Array<number>(11).fill(200),
      product: 1,
      keeps: 'forward',
      activation: 'tanh',
      inputStd: small,
      zeroMean: true,
      independent: true,
      seed: 1,
    },
  },
  controls: (start, page) => {
    const { product, keeps, activation, widths, zeroMean, independent, inputStd } = start.settings;
    const set = setter(page);
    return [
      slider(
        'n·Var(W)',
        product,
        { low: 0.25, high: 4, step: 0.05, log: true, show: (v) => formatNumber(v) },
        (value) => {
          set({ product: value });
        },
      ),
      choice(
        t('where n is'),
        [
          ['forward', t('n_in: the signal’s')],
          ['backward', t('n_out: the gradient’s')],
          ['both', t('(n_in + n_out)/2: Glorot’s')],
        ],
        keeps,
        (value) => {
          set({ keeps: value });
        },
      ),
      choice(t('Activation'), activationOptions('identity', 'tanh', 'relu', 'sigmoid'), activation, (value) => {
        set({ activation: value });
      }),
      sizeList(
        t('Units: input, then layer by layer'),
        widths,
        { least: 2, most: limits.deepest, widest: limits.widest },
        (sizes) => {
          set({ widths: sizes });
        },
      ),
      h(
        'fieldset',
        { class: 'control several' },
        h('legend', { text: t('Assumptions') }),
        toggle(t('weights of mean zero'), zeroMean, (value) => {
          set({ zeroMean: value });
        }),
        toggle(t('independent layers'), independent, (value) => {
          set({ independent: value });
        }),
        toggle(t('small inputs'), inputStd <= small, (value) => {
          set({ inputStd: value ? small : large });
        }),
      ),
    ];
  },
  withSizes: (start, model) => {
    const { sizes: widths, cut } = fitted(model.sizes, limits, model);
    return { start: { ...start, settings: { ...start.settings, widths } }, cut };
  },
  words: ({ layers, draws, broken }, { settings }) => {
    const last = layers.at(-1);
    if (last === undefined) return '';
    const says = t('Layer {0} should have variance {1}', layers.length, formatNumber(last.expected));
    const has =
      last.measured === null
        ? ''
        : `; ${t('measured it is {1}, {2} times that (draws: {0})', draws, formatNumber(last.measured), formatNumber(last.measured / last.expected))}`;
    const why =
      broken.length > 0 ? ` ${t('An assumption is off: {0}.', broken.map((b) => failures[b]).join('; '))}` : '';
    const untied =
      !settings.independent && !broken.includes('independent')
        ? ` ${t('No layer mirrors the sizes of the one before, so none can have its matrix, transposed.')}`
        : '';
    return `${says}${has}.${why}${untied}`;
  },
  draw: (frame) => [
    h('div', { class: 'pair' }, signal(frame), gradient(frame), cases(frame)),
    h('div', { class: 'pair' }, everyLayer(frame), firstLayer(frame)),
  ],
};

function byLayer(title: string, lines: readonly Line[]): HTMLElement {
  return linePlot({ title, x: t('layer'), first: 1, y: t('variance'), log: true, points: true, lines });
}

function signal({ layers }: Frame): HTMLElement {
  return byLayer(t('Signal: Var(z) by layer'), [
    { name: t('measured'), values: layers.map((l) => l.measured), style: 0 },
    { name: t('by the rule, n·Var(W)·E[a²]'), values: layers.map((l) => l.expected), style: 2 },
    { name: t('as if linear'), values: layers.map((l) => l.linear), style: 3 },
  ]);
}

function gradient({ layers }: Frame): HTMLElement {
  return byLayer(t('Gradient: Var(∂L/∂z) by layer'), [
    { name: t('measured'), values: layers.map((l) => l.measuredGradient), style: 1 },
    { name: t('by the rule'), values: layers.map((l) => l.expectedGradient), style: 2 },
  ]);
}

function cases({ cases: all }: Frame): HTMLElement {
  return byLayer(
    t('Three cases, by the rule'),
    all.map(({ product, expected }, style) => ({
      name: `n·Var(W) = ${formatNumber(product)}`,
      values: expected,
      style,
    })),
  );
}

/** The rules for the first layer with its own numbers put in. */
function firstLayer({ layers: [first] }: Frame): HTMLElement | undefined {
  if (first === undefined) return undefined;
  const n = formatNumber;
  const line = (name: string, formula: string): HTMLElement =>
    h('tr', {}, h('th', { text: name, attributes: { scope: 'row' } }), h('td', { text: formula }));
  return h(
    'table',
    { class: 'steps' },
    h('caption', { text: t('The first layer, in numbers') }),
    h(
      'tbody',
      {},
      line(t('keeps the signal: 1/n_in'), `1/${first.fanIn} = ${n(first.forwardVariance)}`),
      line(t('keeps the gradient: 1/n_out'), `1/${first.fanOut} = ${n(first.backwardVariance)}`),
      line(
        'Glorot: 2/(n_in + n_out)',
        `2/(${first.fanIn} + ${first.fanOut}) = ${n(first.glorotVariance)}, U(±${n(first.glorotBound)})`,
      ),
      line('He: 2/n_in', `2/${first.fanIn} = ${n(2 * first.forwardVariance)}`),
      line(
        t('as set here'),
        `Var(W) = ${n(first.weightVariance)}, σ = ${n(Math.sqrt(first.weightVariance))}, U(±${n(first.bound)})`,
      ),
    ),
  );
}

/** Var(z) = n·Var(W)·E[a²], step by step. */
function everyLayer({ layers }: Frame): HTMLElement {
  const n = formatNumber;
  const row = ({ fanIn, weightVariance, inputSecond, expected, measured }: Layer, i: number): HTMLElement =>
    h(
      'tr',
      {},
      h('th', { text: String(i + 1), attributes: { scope: 'row' } }),
      h('td', { text: `${fanIn} · ${n(weightVariance)} · ${n(inputSecond)} = ${n(expected)}` }),
      h('td', { text: measured === null ? '–' : n(measured) }),
    );
  return h(
    'table',
    { class: 'steps' },
    h('caption', { text: t('Layer by layer') }),
    h(
      'thead',
      {},
      h('tr', {}, ...[t('layer'), 'n_in · Var(W) · E[a²] = Var(z)', t('measured')].map((text) => h('th', { text }))),
    ),
    h('tbody', {}, ...layers.map(row)),
  );
}
