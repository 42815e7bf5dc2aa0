import type { LayerReport, LeafModule, ParameterReport, Recommendation, Report } from '../core/model/index.js';
import type { Hit } from '../protocol/atOffset.js';
import { t } from '../protocol/l10n.js';
import { formatNumber } from '../protocol/numbers.js';
import { describeRecommendation, forwardGain, lastName, layerParameters } from '../protocol/words.js';
import { activationFacts } from './hoverActivation.js';
import { escape, type Links, nameList, span, where } from './hoverMarkdown.js';
import { groupBy, parameterTable, recurrentSizes, type Role, sizesLine, tooLarge } from './hoverParameters.js';

type LayersHit = Extract<Hit, { kind: 'layers' }>;

/** The hover on an expression that makes layers: one, several in a loop, or the parts of a composite such as attention. */
export function layersText(hit: LayersHit, links: Links): string {
  const { report, modules } = hit;
  const [module] = modules;
  if (module === undefined) return '';
  const alike = modules.every(({ type }) => type === module.type) && ownerOf(modules) === undefined;
  const weights = modules.flatMap((m) => layerParameters(m, report).weight ?? []);
  const parts = [
    [`${heading(hit)} · ${links.inspect(report, module.name)}`, alike ? sizes(hit, weights) : '']
      .filter((line) => line !== '')
      .join('  \n'),
    parameterTable(alike ? rolesOf(modules, report) : rolesOfParts(modules, report), report, links),
    weightNormLine(modules, report),
    alike || hit.layers.length === 1 ? signalLine(hit, alike ? weights : []) : '',
    alike ? activationFacts(hit.layers) : '',
    recommendationLine(hit),
    tooLarge(weights),
    unknownLine(hit, links),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `**Linear** net.0`, `**Linear** — 20 layers here: net.0 … net.38`, or all types that a composite is made of. */
function heading({ modules }: LayersHit): string {
  const owner = ownerOf(modules);
  // PyTorch's own attention has a Linear by a name that nobody knows.
  const types = [...new Set(modules.map(({ type }) => type.replace('NonDynamicallyQuantizable', '')))];
  if (owner !== undefined) return `**${owner.type}** \`${owner.name}\``;
  const title = `**${types.slice(0, 4).join(', ')}${types.length > 4 ? ', …' : ''}**`;
  const [first, last] = [modules[0]?.name ?? '', modules.at(-1)?.name ?? ''];
  if (modules.length === 1) return `${title} \`${first}\``;
  return `${title} — ${t('{0} layers here: {1}', modules.length, `\`${first}\` … \`${last}\``)}`;
}

/** The first module, when the others are inside it: `attention` of `attention` and `attention.out_proj`. */
function ownerOf(modules: readonly LeafModule[]): LeafModule | undefined {
  const [first, ...rest] = modules;
  return first !== undefined && rest.length > 0 && rest.every(({ name }) => name.startsWith(`${first.name}.`))
    ? first
    : undefined;
}

/** `weight`, `bias`, … over all the modules. */
function rolesOf(modules: readonly LeafModule[], report: Report): Role[] {
  const moduleOf = new Map<ParameterReport, string>();
  const all = modules.flatMap((module) => {
    const own = module.parameters.flatMap((id) => report.parameters[id] ?? []);
    for (const p of own) moduleOf.set(p, module.name);
    return own;
  });
  return [...groupBy(all, lastName)].map(([name, items]) => ({
    items,
    label: (some) => {
      if (some.length === items.length) return name;
      const [first = '', last = ''] = [some[0], some.at(-1)].map((p) => (p && moduleOf.get(p)) ?? '');
      return t('{0} of {1}', name, first === last ? first : `${first} … ${last} (${some.length})`);
    },
  }));
}

/** One role a parameter of a composite, named within it. */
function rolesOfParts(modules: readonly LeafModule[], report: Report): Role[] {
  const owner = ownerOf(modules)?.name ?? commonPath(modules.map(({ name }) => name));
  const ids = [...new Set(modules.flatMap((m) => m.parameters))];
  return ids.flatMap((id) => {
    const p = report.parameters[id];
    if (p === undefined) return [];
    const name = owner !== '' && p.name.startsWith(`${owner}.`) ? p.name.slice(owner.length + 1) : p.name;
    return [{ items: [p], label: () => name }];
  });
}

function commonPath(names: readonly string[]): string {
  const paths = names.map((name) => name.split('.'));
  const [first = []] = paths;
  const differs = first.findIndex((part, i) => paths.some((path) => path[i] !== part));
  return first.slice(0, differs < 0 ? first.length : differs).join('.');
}

function sizes({ modules, layers, report }: LayersHit, weights: readonly ParameterReport[]): string {
  const [layer] = layers;
  const [module] = modules;
  if (module !== undefined && /^(RNN|LSTM|GRU)(Cell)?$/.test(module.type))
    return recurrentSizes(module.parameters.flatMap((id) => report.parameters[id] ?? []));
  const { gain, std } = layer?.recommended ?? {};
  return sizesLine({
    type: modules[0]?.type ?? '',
    weights,
    inputShape: layer?.inputShape,
    summed: gain !== undefined && std !== undefined && std > 0 ? Math.round((gain / std) ** 2) : undefined,
  });
}

function weightNormLine(modules: readonly LeafModule[], report: Report): string {
  const names = modules.flatMap(({ parameters }) => parameters.map((id) => report.parameters[id]?.name ?? ''));
  return names.some((name) => name.endsWith('weight_g') || name.endsWith('parametrizations.weight.original0'))
    ? escape(
        t(
          'weight_norm: the weight is g·v/‖v‖, and g is ‖v‖ at the start; an init of `weight` after wrapping has no effect.',
        ),
      ).replaceAll('\\`', '`')
    : '';
}

export function signalLine(
  { layers, report, modules }: Pick<LayersHit, 'layers' | 'report' | 'modules'>,
  weights: readonly ParameterReport[],
): string {
  const [first] = layers;
  const parts: string[] = [];
  const gains = weights.flatMap((weight) => forwardGain(weight, first?.type ?? modules[0]?.type ?? '') ?? []);
  if (gains.length > 0) parts.push(t('gain {0}', `fan-in · Var(W) = **${span(gains)}**`));
  const variances = layers.flatMap((layer) => layer.forward?.variance ?? []);
  if (first !== undefined && variances.length > 0) {
    const into = layers.length === 1 ? varianceInto(first, report) : undefined;
    parts.push(
      into === undefined ? t('variance out {0}', span(variances)) : t('variance {0}', span([into, ...variances])),
    );
  }
  const gradients = layers.flatMap((layer) => layer.backward?.variance ?? []);
  if (gradients.length > 0) parts.push(t('gradient variance {0}', span(gradients)));
  else if (first?.gradientStop !== undefined) parts.push(t('no gradient'));
  else if (variances.length > 0) parts.push(t('gradient not known'));
  const text = parts.join(' · ');
  return layers.length > 1 && text.includes('→')
    ? `${text} (${modules.length === 1 ? t('first → last of {0} calls', layers.length) : t('first → last')})`
    : text;
}

/** Variance of what the layer gets: 1 for the input, else that of the step before it, where the model is a plain chain. */
function varianceInto(layer: LayerReport, report: Report): number | undefined {
  const index = report.layers.indexOf(layer);
  if (index === 0) return /embedding/i.test(report.layers[0]?.type ?? '') ? undefined : 1;
  return index > 0 && isChain(report.layers) ? report.layers[index - 1]?.forward?.variance : undefined;
}

/** Whether every step takes what the one before it gives, as far as sizes and types tell. */
function isChain(layers: Report['layers']): boolean {
  const joins = /^(add|sub|mul|div|cat|concat|concatenate|stack|matmul|bmm|einsum|where)$/i;
  const entries = (shape: Report['layers'][number]['inputShape']): number =>
    shape.reduce<number>((n, d) => n * Number(d), 1);
  return layers.every((layer, i) => {
    const before = layers[i - 1];
    return (
      !joins.test(layer.type) && (before === undefined || entries(layer.inputShape) === entries(before.outputShape))
    );
  });
}

/** The most frequent recommendation that changes something, with its reason; the others in a line each. */
export function recommendationLine({
  layers,
  modules,
}: {
  readonly layers: readonly LayerReport[];
  readonly modules: readonly unknown[];
}): string {
  const advised = layers.filter((layer) => layer.recommended !== undefined);
  const groups = groupBy(advised, ({ recommended: r }) =>
    r === undefined || r.satisfied ? 'fits' : recommendedInit(r),
  );
  const fits = groups.get('fits');
  groups.delete('fits');
  const [main, ...others] = [...groups].sort(([, a], [, b]) => b.length - a.length);
  if (main === undefined) return fits === undefined ? '' : `✓ **${t('Init fits')}**: ${escape(commonReason(fits))}`;
  const [init, group] = main;
  const share =
    group.length === advised.length
      ? ''
      : ` ${modules.length === 1 ? t('for {0} of {1} calls', group.length, advised.length) : t('for {0} of {1} layers', group.length, advised.length)}`;
  const name = ({ length }: readonly LayerReport[], list: string): string =>
    modules.length > 1 ? list : length === 1 ? t('1 call') : t('{0} calls', length);
  const lines = [`**${t('Recommended: {0}', init)}**${share} — ${escape(commonReason(group))}`];
  for (const [other, some] of others.slice(0, 3)) lines.push(`${name(some, names(some))}: ${other}`);
  if (fits !== undefined) lines.push(`${name(fits, names(fits))}: ✓ ${t('fits')}`);
  return lines.join('  \n');
}

function names(layers: readonly LayerReport[]): string {
  return nameList(layers.map(({ name }) => name));
}

/** The reason that most of the layers have. */
function commonReason(layers: readonly LayerReport[]): string {
  const reasons = [...groupBy(layers, (layer) => layer.recommended?.why ?? '')];
  const [first] = reasons.sort(([, a], [, b]) => b.length - a.length);
  return first?.[0] ?? '';
}

/** `He normal, σ = 0.0447` */
function recommendedInit(r: Recommendation): string {
  const sigma = r.std !== undefined ? formatNumber(r.std) : r.symbolic === undefined ? undefined : escape(r.symbolic);
  // Where only a normalization helps, a σ beside it would read as one more thing to do.
  return sigma === undefined || r.init === 'normalize'
    ? describeRecommendation(r)
    : `${describeRecommendation(r)}, σ = ${sigma}`;
}

/** Why something about the layer is not known: the note for its place, its own word, or the sizes that are missing. */
function unknownLine(hit: LayersHit, links: Links): string {
  const { layers, modules, report, range, notes } = hit;
  const missing = [...new Set(modules.flatMap((module) => layerParameters(module, report).weight?.shape ?? []))].filter(
    (size): size is string => typeof size === 'string',
  );
  const note = report.unknown.find(
    (n) => n.range?.file === range.file && n.range.start < range.end && range.start < n.range.end,
  );
  if (note !== undefined) return `**${t('Not known:')}** ${escape(note.reason)}${where(note.range, links)}`;
  if (missing.length > 0) return [symbolicRule(hit), missingSizes(missing, hit, links)].filter(Boolean).join('\n\n');
  const own = layers.find((layer) => layer.unknown !== undefined);
  if (own?.unknown !== undefined) {
    const title = own.gradientStop === undefined ? t('Not known:') : t('Gradient:');
    return `**${title}** ${escape(own.unknown)}${where(own.gradientStop, links)}`;
  }
  if (layers.length > 0) return '';
  const stop = report.unknown.find(({ reason }) => reason.startsWith('forward ')) ?? report.unknown[0] ?? notes[0];
  if (stop === undefined) return t('Forward does not call this layer.');
  // Another input may get further; through code that isn't there none does.
  const help = stop.reason.startsWith('forward cannot be followed through') ? '' : ` · ${links.setSizes(report.entry)}`;
  return `**${t('Forward was not followed to this layer:')}** ${escape(stop.reason)}${where(stop.range, links)}${help}`;
}

/** What to do where no recommendation can be given for want of the input's shape. */
function symbolicRule({ layers, modules, report }: LayersHit): string {
  const [module] = modules;
  if (module === undefined || layers.some((layer) => layer.recommended !== undefined)) return '';
  const [, features] = layerParameters(module, report).weight?.shape ?? [];
  if (!/^Linear$/.test(module.type) || features === undefined) return '';
  const rule = t(
    'σ = √(2/fan_in) where a ReLU feeds this layer, √(1/fan_in) after the input, a norm or another linear layer; fan_in = {0}.',
    escape(String(features)),
  );
  return `**${t('Recommended:')}** ${rule}`;
}

/** `**Not known:** hidden, an argument of Net that nothing in this file gives`, with the import it comes from if it does. */
function missingSizes(missing: readonly string[], { report, notes }: LayersHit, links: Links): string {
  const roots = new Set(missing.flatMap((size) => [...size.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].map(([name]) => name)));
  const reasons = notes
    .filter(({ reason }) => [...roots].some((root) => reason.includes(`'${root}'`) || reason.startsWith(`${root} `)))
    .map(({ reason, range }) => `${escape(reason)}${where(range, links)}`);
  const asked = report.arguments?.some(({ name, value }) => value === undefined && roots.has(name)) ?? false;
  if (asked) reasons.push(t('nothing in the workspace says what {0} is built with', `\`${report.className}\``));
  const sizes = missing.map((size) => `\`${size}\``).join(', ');
  const why = reasons.length > 0 ? ` — ${reasons.slice(0, 2).join('; ')}` : '';
  return `**${t('Not known:')}** ${sizes}${why} · ${links.setSizes(report.entry)}`;
}
