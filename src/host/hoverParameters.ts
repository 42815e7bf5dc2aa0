import type { ParameterReport, Report } from '../core/model/index.js';
import { t } from '../protocol/l10n.js';
import { formatCount, formatNumber, formatShape } from '../protocol/numbers.js';
import { describeDistribution, describeSetBy, forwardGain } from '../protocol/words.js';
import { escape, type Links, span, tableRow } from './hoverMarkdown.js';

/** Parameters that play the same part in several layers (all the weights, all the biases), or one parameter. */
export interface Role {
  readonly items: readonly ParameterReport[];
  /** Name of the part, or of some of its items where they differ. */
  readonly label: (items: readonly ParameterReport[]) => string;
}

const MOST_ROWS = 6;

/** A row for each way that a part starts; parts of one layer that start alike share a row when there are many. */
export function parameterTable(roles: readonly Role[], report: Report, links: Links): string {
  const rows = roles.flatMap(({ items, label }) => {
    const groups = groupBy(items, (p) => `${p.distribution.kind} ${setByText(p, report, links)}`);
    return [...groups.values()].map((group) => ({
      names: [label(group)],
      cells: [startsAs(group), sigma(group), setByText(group[0], report, links)],
    }));
  });
  if (rows.length === 0) return '';
  const merged = rows.length <= 3 ? rows : mergeAlike(rows);
  const shown = merged.slice(0, MOST_ROWS);
  const more = merged.length > shown.length ? `\n\n${t('… and {0} more', merged.length - shown.length)}` : '';
  const lines = shown.map(({ names, cells }) => tableRow([someNames(names), ...cells]));
  return [tableRow(['', t('starts as'), 'σ', t('set by')]), '|:--|:--|:--|:--|', ...lines].join('\n') + more;
}

interface Row {
  readonly names: readonly string[];
  readonly cells: readonly string[];
}

function mergeAlike(rows: readonly Row[]): Row[] {
  return [...groupBy(rows, ({ cells }) => cells.join('|')).values()].map((group) => ({
    names: group.flatMap(({ names }) => names),
    cells: group[0]?.cells ?? [],
  }));
}

function someNames(names: readonly string[]): string {
  const text = names.slice(0, 2).join(', ');
  return escape(names.length <= 2 ? text : t('{0} and {1} more', text, names.length - 2));
}

function startsAs(group: readonly ParameterReport[]): string {
  const texts = [...new Set(group.map(({ distribution: d }) => describeDistribution(d)))];
  const [first = '', last = ''] = [texts[0], texts.at(-1)];
  return escape(first === last ? first : `${first} … ${last}`);
}

function sigma(group: readonly ParameterReport[]): string {
  const known = group.flatMap(({ distribution: { std } }) => std ?? []);
  if (known.length > 0) return span(known).replace('→', '…');
  const [d] = group.map(({ distribution }) => distribution);
  // A size that is not known still leaves the rule: `std is 0.577/√fan_in, fan_in = hidden`.
  const symbolic = d?.kind === 'unknown' ? /^std is ([\d.]+)(\/√fan_in), fan_in = /.exec(d.reason) : null;
  return symbolic === null ? '' : escape(`${formatNumber(Number(symbolic[1]))}${symbolic[2] ?? ''}`);
}

function setByText(p: ParameterReport | undefined, report: Report, links: Links): string {
  if (p === undefined) return '';
  return p.setBy.range === undefined ? describeSetBy(p, report) : `\`${p.setBy.what}\`, ${links.line(p.setBy.range)}`;
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export interface Weights {
  readonly type: string;
  readonly weights: readonly ParameterReport[];
  readonly inputShape: readonly (number | string)[] | undefined;
  /** Weights that one output sums, where the recommendation shows it. */
  readonly summed: number | undefined;
}

/** `weight 64×3×7×7 · fan-in 147 · fan-out 3,136`: sizes of the weights and, where they mean something, their fans. */
export function sizesLine({ type, weights, inputShape, summed }: Weights): string {
  const [weight] = weights;
  if (weight === undefined) return '';
  const shapes = [...new Set(weights.map(({ shape }) => formatShape(shape)))];
  const several = shapes.length > 1 ? ` … ${shapes.at(-1) ?? ''} (${t('{0} shapes', shapes.length)})` : '';
  if (weight.shape.length === 1)
    return escape(`${shapes[0] ?? ''}${several} ${weight.shape[0] === 1 ? t('entry') : t('entries')}`);
  const parts = [t('weight {0}', `${shapes[0] ?? ''}${several}`)];
  if (weight.fanIn === undefined && type === 'Linear') parts.push(`fan-in ${weight.shape[1] ?? ''}`);
  if (!/embedding/i.test(type) && weight.fanIn !== undefined) {
    const counts = (pick: (p: ParameterReport) => number | undefined): string =>
      span(
        weights.flatMap((p) => pick(p) ?? []),
        formatCount,
      ).replace('→', '…');
    const inside =
      summed !== undefined && forwardGain(weight, type) === undefined && Math.abs(summed / weight.fanIn - 1) > 0.01
        ? ` ${t('as PyTorch counts, an output sums {0}', formatCount(summed))}`
        : '';
    const groups = groupsOf(type, weight, inputShape);
    const outside =
      groups > 1 && weight.fanOut !== undefined
        ? ` ${t('as PyTorch counts, an input feeds {0} ({1} groups)', formatCount(weight.fanOut / groups), groups)}`
        : '';
    parts.push(`fan-in ${counts((p) => p.fanIn)}${inside}`, `fan-out ${counts((p) => p.fanOut)}${outside}`);
  }
  return escape(parts.join(' · '));
}

/** `input 128 · hidden 256 · 2 layers, both directions` */
export function recurrentSizes(parameters: readonly ParameterReport[]): string {
  const [input, state] = parameters.filter(({ shape }) => shape.length > 1);
  const parts = [t('input {0}', input?.shape[1] ?? '?'), t('hidden {0}', state?.shape[1] ?? '?')];
  const layers = new Set(parameters.flatMap(({ name }) => /_l\d+/.exec(name)?.[0] ?? [])).size;
  const both = parameters.some(({ name }) => name.endsWith('_reverse'));
  if (layers > 1 || both)
    parts.push(`${layers === 1 ? t('1 layer') : t('{0} layers', layers)}${both ? `, ${t('both directions')}` : ''}`);
  return escape(parts.join(' · '));
}

function groupsOf(type: string, weight: ParameterReport, inputShape: readonly (number | string)[] | undefined): number {
  const channels = inputShape?.[1];
  const own = weight.shape[1];
  if (!/^Conv\dd$/.test(type) || typeof channels !== 'number' || typeof own !== 'number') return 1;
  return inputShape?.length === weight.shape.length && channels % own === 0 ? channels / own : 1;
}

/** Words about a weight that no machine can hold. */
export function tooLarge(weights: readonly ParameterReport[]): string {
  const bytes = weights.reduce(
    (sum, { shape }) => sum + 4 * (shape.reduce<number>((n, d) => n * Number(d), 1) || 0),
    0,
  );
  return bytes < 1e13
    ? ''
    : `**${t('Too large:')}** ${t('these weights would take {0} TB of memory.', formatNumber(bytes / 1e12))}`;
}
