import type { PanelState } from '../../src/protocol/panel.js';
import { type Column, columns, type Line } from './columns.js';

/** Lines that have all words of the filter in their cells, in the order that the user wants. */
export function arranged(lines: readonly Line[], { filter = '', sort }: Pick<PanelState, 'filter' | 'sort'>): Line[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const kept = lines.filter((line) => {
    if (words.length === 0) return true;
    const text = columns
      .map((column) => column.text(line))
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const column = columns.find(({ id }) => id === sort?.column);
  return column === undefined ? kept : sorted(kept, column, sort?.descending === true);
}

function sorted(lines: readonly Line[], column: Column, descending: boolean): Line[] {
  const keyed = lines.map((line) => ({ line, key: column.key(line) }));
  keyed.sort((a, b) => {
    const [x, y] = [known(a.key), known(b.key)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x - y
        : String(x).localeCompare(String(y), 'en', { numeric: true });
    return descending ? -order : order;
  });
  return keyed.map(({ line }) => line);
}

function known(key: number | string | undefined): number | string | undefined {
  return key === '' || Number.isNaN(key) ? undefined : key;
}

/** As spreadsheets take it. */
export function tabSeparated(lines: readonly Line[]): string {
  return [columns.map(({ title }) => title()), ...lines.map((line) => columns.map(({ text }) => text(line)))]
    .map((cells) => cells.join('\t'))
    .join('\n');
}
