import type { ParameterReport, Recommendation, Report, SourceRange } from '../core/model/index.js';
import type { Hit } from '../protocol/atOffset.js';
import { formatCount, formatNumber, formatShape } from '../protocol/numbers.js';
import { verdict } from '../protocol/verdict.js';
import {
  describeDistribution,
  describeRecommendation,
  describeSetBy,
  forwardGain,
  lastName,
  layerParameters,
  modelTitle,
} from '../protocol/words.js';

/** How the hover makes links; the host knows URIs and commands. */
export interface Links {
  line(range: SourceRange): string;
  inspect(report: Report, layer?: string): string;
}

type LayersHit = Extract<Hit, { kind: 'layers' }>;

/** The Markdown of a hover. */
export function hoverText(hit: Hit, links: Links): string {
  switch (hit.kind) {
    case 'layers':
      return layersText(hit, links);
    case 'parameter':
      return [
        heading('Parameter', hit.parameters),
        parameterTable(hit.parameters, hit.report, links),
        links.inspect(hit.report),
      ].join('\n\n');
    case 'model':
      return modelText(hit.report, links);
    case 'failed':
      return `**InitScope** could not build \`${modelTitle(hit.entry)}\`: ${escape(hit.entry.reason)}${where(hit.entry.range, links)}`;
    case 'syntax':
      return `**InitScope** could not read these lines: ${escape(hit.message)}. Definitions above and below are read without them.`;
    case 'unknown':
      return `**InitScope** does not know this: ${escape(hit.reason)}`;
  }
}

function layersText(hit: LayersHit, links: Links): string {
  const { report, modules } = hit;
  const [module] = modules;
  if (module === undefined) return '';
  const { weight, bias, others } = layerParameters(module, report);
  const parameters = [weight, bias, ...others].filter((p) => p !== undefined);
  const parts = [
    [`${heading(module.type, modules)} · ${links.inspect(report, module.name)}`, sizes(hit, weight)]
      .filter((line) => line !== '')
      .join('  \n'),
    parameterTable(parameters, report, links),
    signalLine(hit, weight),
    recommendationLine(hit),
    unknownLine(hit, links),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function modelText(report: Report, links: Links): string {
  const { text, remedy } = verdict(report);
  const steps = report.layers.length;
  const input = report.input.map((shape) => `(${shape.join(', ')})`).join(', ');
  return [
    `**InitScope** \`${modelTitle(report)}\` · ${formatCount(steps)} ${steps === 1 ? 'step' : 'steps'}${input === '' ? '' : ` · input ${input}`}`,
    escape([text, remedy].filter((part) => part !== undefined).join(' ')),
    links.inspect(report),
  ].join('\n\n');
}

/** `**Linear** net.0`, or `**Linear** 20 layers here: net.0 … net.38`. */
function heading(type: string, items: readonly { readonly name: string }[]): string {
  const [first, last] = [items[0]?.name ?? '', items.at(-1)?.name ?? ''];
  if (items.length <= 1) return `**${type}** \`${first}\``;
  return `**${type}** — ${items.length} ${type === 'Parameter' ? 'parameters' : 'layers'} here: \`${first}\` … \`${last}\``;
}

function sizes({ modules, report }: LayersHit, weight: ParameterReport | undefined): string {
  if (weight === undefined) return '';
  const shapes = new Set(modules.map((module) => formatShape(layerParameters(module, report).weight?.shape ?? [])));
  const several = shapes.size > 1 ? ` (the first of ${shapes.size} shapes)` : '';
  const parts = [`weight ${formatShape(weight.shape)}${several}`];
  if (weight.fanIn !== undefined) parts.push(`fan-in ${formatCount(weight.fanIn)}`);
  if (weight.fanOut !== undefined) parts.push(`fan-out ${formatCount(weight.fanOut)}`);
  return escape(parts.join(' · '));
}

function parameterTable(parameters: readonly ParameterReport[], report: Report, links: Links): string {
  if (parameters.length === 0) return '';
  const shown = parameters.slice(0, 6);
  const rows = shown.map((p) => {
    const { std } = p.distribution;
    const by =
      p.setBy.range === undefined ? describeSetBy(p, report) : `\`${p.setBy.what}\`, ${links.line(p.setBy.range)}`;
    return tableRow([
      lastName(p),
      escape(describeDistribution(p.distribution)),
      std === undefined ? '' : formatNumber(std),
      by,
    ]);
  });
  const more = parameters.length > shown.length ? `\n\n… and ${parameters.length - shown.length} more` : '';
  return [tableRow(['', 'starts as', 'σ', 'set by']), '|:--|:--|:--|:--|', ...rows].join('\n') + more;
}

/** Hovers leave no room between columns by themselves. */
function tableRow(cells: readonly string[]): string {
  return `|${cells.map((cell) => ` ${cell}&nbsp;&nbsp; `).join('|')}|`;
}

function signalLine({ layers, report, modules }: LayersHit, weight: ParameterReport | undefined): string {
  const [first] = layers;
  const parts: string[] = [];
  const gain = forwardGain(weight, first?.type ?? modules[0]?.type ?? '');
  if (gain !== undefined) parts.push(`gain fan-in · Var(W) = **${formatNumber(gain)}**`);
  if (first !== undefined) {
    const variances = layers.flatMap((layer) => layer.forward?.variance ?? []);
    const into = varianceInto(first.name, report);
    if (layers.length === 1 && variances[0] !== undefined) {
      parts.push(
        into === undefined
          ? `variance out ${formatNumber(variances[0])}`
          : `variance ${formatNumber(into)} → ${formatNumber(variances[0])}`,
      );
    } else if (variances.length > 1) {
      parts.push(`variance out ${span(variances)}`);
    }
    const gradients = layers.flatMap((layer) => layer.backward?.variance ?? []);
    if (gradients.length > 0) parts.push(`gradient ${span(gradients)}`);
    if (layers.length > 1 && parts.length > 0) parts.push('(first → last)');
  }
  return parts.join(' · ').replace(' · (', ' (');
}

function span(values: readonly number[]): string {
  const [first = NaN, last = NaN] = [values[0], values.at(-1)];
  return values.length === 1 ? formatNumber(first) : `${formatNumber(first)} → ${formatNumber(last)}`;
}

/** Variance of what the layer gets: 1 for the input, else that of the step before it, where the model is a plain chain. */
function varianceInto(name: string, report: Report): number | undefined {
  const index = report.layers.findIndex((layer) => layer.name === name);
  if (index <= 0) return index === 0 ? 1 : undefined;
  return isChain(report.layers) ? report.layers[index - 1]?.forward?.variance : undefined;
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
function recommendationLine({ layers }: LayersHit): string {
  const groups = new Map<string, { readonly recommendation: Recommendation; readonly names: string[] }>();
  for (const { name, recommended } of layers) {
    if (recommended === undefined) continue;
    const key = recommended.satisfied ? 'fits' : recommendedInit(recommended);
    const group = groups.get(key) ?? { recommendation: recommended, names: [] };
    group.names.push(name);
    groups.set(key, group);
  }
  const fits = groups.get('fits');
  groups.delete('fits');
  const [main, ...others] = [...groups.entries()].sort(([, a], [, b]) => b.names.length - a.names.length);
  if (main === undefined) return fits === undefined ? '' : `✓ **Init fits**: ${escape(fits.recommendation.why)}`;
  const [init, { recommendation, names }] = main;
  const share = names.length < layers.length ? ` for ${names.length} of ${layers.length} layers` : '';
  const lines = [`**Recommended: ${init}**${share} — ${escape(recommendation.why)}`];
  for (const [other, group] of others.slice(0, 3)) lines.push(`${nameList(group.names)}: ${other}`);
  if (fits !== undefined) lines.push(`${nameList(fits.names)}: ✓ fits`);
  return lines.join('  \n');
}

/** `He normal, σ = 0.0447` */
function recommendedInit(r: Recommendation): string {
  const sigma = r.std !== undefined ? formatNumber(r.std) : r.symbolic === undefined ? undefined : escape(r.symbolic);
  return sigma === undefined ? describeRecommendation(r) : `${describeRecommendation(r)}, σ = ${sigma}`;
}

function nameList(names: readonly string[]): string {
  const [first = '', last = ''] = [names[0], names.at(-1)];
  return names.length === 1 ? `\`${first}\`` : `\`${first}\` … \`${last}\` (${names.length})`;
}

/** Why something about the layer is not known: its own word, or the note for its place. */
function unknownLine({ layers, modules, report, range, notes }: LayersHit, links: Links): string {
  const own = layers.find((layer) => layer.unknown !== undefined)?.unknown;
  if (own !== undefined) return `**Not known:** ${escape(own)}`;
  const note = report.unknown.find(
    (n) => n.range?.file === range.file && n.range.start < range.end && range.start < n.range.end,
  );
  if (note !== undefined) return `**Not known:** ${escape(note.reason)}${where(note.range, links)}`;
  const sizes = modules
    .flatMap((module) => layerParameters(module, report).weight?.shape ?? [])
    .filter((size) => typeof size === 'string');
  if (sizes.length > 0) {
    const reasons = notes.slice(0, 2).map((n) => `${escape(n.reason)}${where(n.range, links)}`);
    return `**Not known:** ${[...new Set(sizes)].map((size) => `\`${size}\``).join(', ')}${reasons.length > 0 ? ` — ${reasons.join('; ')}` : ''}`;
  }
  return layers.length === 0 ? 'The forward pass does not reach this layer, or could not be followed to it.' : '';
}

function where(range: SourceRange | undefined, links: Links): string {
  return range === undefined ? '' : ` (${links.line(range)})`;
}

/** Text from the user's file, safe inside Markdown. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
}
