import type {
  Distribution,
  LayerReport,
  ParameterReport,
  Recommendation,
  Report,
  SourceRange,
} from '../core/model/index.js';
import { t } from './l10n.js';
import { formatNumber, type NumberStyle } from './numbers.js';

/** Phrases that hover, panel and command line share, so that they cannot disagree. */

/** `U(±0.0316)`, `N(0, 0.0447²)`, `0`. */
export function describeDistribution(d: Distribution, style: NumberStyle = {}): string {
  // What is written with few digits is exact: N(0, 1²), not N(0, 1.00²).
  const n = (x: number): string => {
    const text = formatNumber(x, style);
    return Number(x.toPrecision(3)) === Number(x.toPrecision(12))
      ? text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
      : text;
  };
  const squared = style.plain === true ? '^2' : '²';
  const plusMinus = style.plain === true ? '+-' : '±';
  switch (d.kind) {
    case 'normal':
      return `N(${n(d.mean)}, ${n(d.std)}${squared})`;
    case 'uniform':
      return isSymmetric(d.low, d.high) ? `U(${plusMinus}${n(d.high)})` : `U(${n(d.low)}, ${n(d.high)})`;
    case 'truncatedNormal':
      return t('truncated {0}', `N(${n(d.location)}, ${n(d.scale)}${squared})`);
    case 'orthogonal':
      return d.gain === 1 ? t('orthogonal') : t('orthogonal, gain {0}', n(d.gain));
    case 'constant':
      return t('constant {0}', n(d.mean));
    case 'identity':
      return d.value === 1 ? t('identity') : t('identity × {0}', n(d.value));
    case 'dirac':
      return 'Dirac';
    case 'sparse':
      return t('sparse ({0} % zeros)', n(d.sparsity * 100));
    case 'mixture':
      return describeMixture(d.parts, style);
    case 'uninitialized':
      return t('uninitialized memory');
    case 'unknown':
      return t('unknown');
  }
}

/** `75 % U(±0.0625) + 25 % constant 1`, the largest part first. */
function describeMixture(parts: Extract<Distribution, { kind: 'mixture' }>['parts'], style: NumberStyle): string {
  const sorted = [...parts].sort((a, b) => b.fraction - a.fraction);
  const texts = sorted
    .slice(0, 3)
    .map(({ fraction, distribution }) => `${percent(fraction)} % ${describeDistribution(distribution, style)}`);
  return [...texts, ...(sorted.length > 3 ? ['…'] : [])].join(' + ');
}

/** As many digits as tell it from none and from all. */
function percent(fraction: number): string {
  const p = fraction * 100;
  const rest = Math.min(p, 100 - p);
  return String(Number(p.toFixed(rest <= 0 || rest >= 1 ? 0 : Math.min(6, 1 - Math.floor(Math.log10(rest))))));
}

function isSymmetric(low: number, high: number): boolean {
  return Math.abs(low + high) <= 1e-12 * Math.abs(high);
}

/** In place of the function that set a parameter: the user tries it. */
const WHAT_IF = 'what-if';

/** `kaiming_normal_`, or in words when nobody asked for it. */
export function describeSetBy(p: ParameterReport, report: Report): string {
  if (p.setBy.what === WHAT_IF) return WHAT_IF;
  return p.setBy.range === undefined ? t('{0} default', frameworkNames[report.framework]) : p.setBy.what;
}

export const frameworkNames: Readonly<Record<Report['framework'], string>> = {
  torch: 'PyTorch',
  keras: 'Keras',
  flax: 'Flax',
  tfjs: 'TensorFlow.js',
  plain: 'library',
};

const recommendationNames: Readonly<Record<string, () => string>> = {
  he_normal: () => t('He normal'),
  he_uniform: () => t('He uniform'),
  lecun_normal: () => t('LeCun normal'),
  lecun_uniform: () => t('LeCun uniform'),
  glorot_normal: () => t('Glorot normal'),
  glorot_uniform: () => t('Glorot uniform'),
  xavier_normal: () => t('Glorot normal'),
  xavier_uniform: () => t('Glorot uniform'),
  scaled_normal: () => t('normal'),
  scaled_uniform: () => t('uniform'),
  siren_uniform: () => t('SIREN uniform'),
  orthogonal: () => t('orthogonal'),
  zeros: () => t('zeros'),
  keep: () => t('keep as it is'),
  default: () => t('keep the default'),
  normalize: () => t('add a normalization'),
};

export function describeRecommendation(r: Recommendation): string {
  return recommendationNames[r.init]?.() ?? r.init.replaceAll('_', ' ');
}

/** What a layer's weight is: the parameter that its init is about; its bias; any others. */
export interface LayerParameters {
  readonly weight: ParameterReport | undefined;
  readonly bias: ParameterReport | undefined;
  readonly others: readonly ParameterReport[];
}

export function layerParameters(layer: { readonly parameters: readonly number[] }, report: Report): LayerParameters {
  const all = layer.parameters.flatMap((id) => report.parameters[id] ?? []);
  const weight =
    all.find((p) => lastName(p) === 'weight' || lastName(p) === 'kernel') ??
    largest(all.filter((p) => p.shape.length > 1)) ??
    all[0];
  const bias = all.find((p) => p !== weight && lastName(p) === 'bias');
  return { weight, bias, others: all.filter((p) => p !== weight && p !== bias) };
}

/** weight_norm and attention keep more than one matrix; the largest is the one that counts. The first of equal ones. */
function largest(parameters: readonly ParameterReport[]): ParameterReport | undefined {
  const size = (p: ParameterReport): number => p.shape.reduce<number>((n, d) => n * Number(d), 1) || 0;
  return parameters.reduce<ParameterReport | undefined>(
    (best, p) => (best === undefined || size(p) > size(best) ? p : best),
    undefined,
  );
}

export function lastName(p: ParameterReport): string {
  return /[^./]*$/.exec(p.name)?.[0] ?? p.name;
}

/** σw² = fan_in·Var(W): what the layer alone does to the variance of its input; only where a fan means that. */
export function forwardGain(weight: ParameterReport | undefined, type: string): number | undefined {
  if (weight?.fanIn === undefined || weight.distribution.std === undefined) return undefined;
  if (/transpose|embedding|norm|rnn|lstm|gru|prelu|attention/i.test(type)) return undefined;
  return weight.fanIn * weight.distribution.std ** 2;
}

/** A layer that stands in the short list: one with parameters, or an activation; not dropout, reshaping and the like. */
export function isMainStep(layer: LayerReport): boolean {
  return layer.parameters.length > 0 || isActivation(layer.type) || layer.type.toLowerCase() === 'add';
}

const activations = new Set(
  (
    'relu relu6 leakyrelu prelu rrelu elu celu selu gelu silu swish mish hardswish hardsigmoid hardtanh hardshrink softshrink ' +
    'tanh tanhshrink sigmoid logsigmoid softplus softsign threshold glu softmax logsoftmax sin square'
  ).split(' '),
);

export function isActivation(type: string): boolean {
  return activations.has(
    type
      .toLowerCase()
      .replace(/[_\d]*d?$/, (end) => (end === '6' ? end : ''))
      .replaceAll('_', ''),
  );
}

/** `Net(64)`; `Net (model)` where the expression doesn't say what it builds. */
export function modelTitle({ entry, className }: { readonly entry: string; readonly className: string }): string {
  if (entry === '') return className;
  return className === '' || entry.includes(className) ? entry : `${className} (${entry})`;
}

/** `as in train.py line 41`: where a model's arguments were taken from, when a call gave them. */
export function entryPlace({ entryAt, file }: Pick<Report, 'entryAt' | 'file'>): string | undefined {
  return entryAt && t('as in {0}', lineText(entryAt, file));
}

/** `line 12`; `blocks.py line 12` where that is not the file on show; `cell 3 line 2` in a notebook. */
export function lineText(range: SourceRange, file: string): string {
  const name = range.file === file ? '' : fileName(range.file);
  const cell = range.cell === undefined ? '' : t('cell {0}', range.cell + 1);
  return [name, cell, t('line {0}', range.line)].filter((part) => part !== '').join(' ');
}

/** The same where there is little room: `line 12`, `blocks.py:12`. */
export function shortLine(range: SourceRange, file: string): string {
  const isElsewhere = range.file !== file && range.cell === undefined;
  return isElsewhere ? `${fileName(range.file)}:${range.line}` : lineText(range, file);
}

/** The last part of a path; that of a package's file says which package. */
export function fileName(path: string): string {
  return path
    .split('/')
    .slice(path.endsWith('/__init__.py') ? -2 : -1)
    .join('/');
}

/** A function that the root module calls has a name like `/relu`; people need no slash. */
export function displayName(layer: { readonly name: string }): string {
  return layer.name.replace(/^\//, '');
}

/** A name for each call: from its second call on a module's name carries the call's number (`relu#2`). */
export function callNames(layers: readonly { readonly name: string }[]): string[] {
  const calls = new Map<string, number>();
  return layers.map(({ name }) => {
    const call = (calls.get(name) ?? 0) + 1;
    calls.set(name, call);
    return call === 1 ? name : `${name}#${call}`;
  });
}

/** Why something of a layer is not known, and where the gradient is stopped that it gets none of. */
export function unknownReason(
  { unknown, gradientStop }: Pick<LayerReport, 'unknown' | 'gradientStop'>,
  file: string,
): string | undefined {
  return unknown === undefined || gradientStop === undefined ? unknown : `${unknown} (${lineText(gradientStop, file)})`;
}
