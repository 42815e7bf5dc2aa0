import type { Report, SourceRange } from '../core/model/index.js';
import { formatNumber } from '../protocol/numbers.js';

/** How the hover makes links; the host knows URIs and commands. */
export interface Links {
  line(range: SourceRange): string;
  inspect(report: Report, layer?: string): string;
  /** Asks for the arguments and the input of the model with this entry. */
  setSizes(entry: string): string;
}

/** Text from the user's file, safe inside Markdown. Underscores within a word mean nothing there. */
export function escape(text: string): string {
  return text.replace(/[\\`*{}[\]<>#|!~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');
}

/** ` (line 12)`, with a link. */
export function where(range: SourceRange | undefined, links: Links): string {
  return range === undefined ? '' : ` (${links.line(range)})`;
}

/** Hovers leave no room between columns by themselves. */
export function tableRow(cells: readonly string[]): string {
  return `|${cells.map((cell) => ` ${cell}&nbsp;&nbsp; `).join('|')}|`;
}

/** `0.334 → 4.00×10⁻⁴`; one number where first and last read the same. */
export function span(values: readonly number[], format: (x: number) => string = formatNumber): string {
  const [first = '', last = ''] = [values[0], values.at(-1)].map((x) => (x === undefined ? '' : format(x)));
  return first === last ? first : `${first} → ${last}`;
}

export function nameList(names: readonly string[]): string {
  const [first = '', last = ''] = [names[0], names.at(-1)];
  return names.length === 1 ? `\`${first}\`` : `\`${first}\` … \`${last}\` (${names.length})`;
}
