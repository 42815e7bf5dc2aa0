import type { PanelState } from '../../src/protocol/panel.js';
import type { Row } from '../rows.js';

/** Rows [from, to] that are seen. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

const FEWEST = 4;

export function whole(count: number): Window {
  return { from: 0, to: Math.max(0, count - 1) };
}

/** The window that was kept by names, in rows that may have changed since. */
export function windowOf(rows: readonly Row[], zoom: PanelState['zoom']): Window {
  const all = whole(rows.length);
  if (zoom === undefined) return all;
  const find = (id: string): number => rows.findIndex((row) => row.id === id);
  const from = find(zoom.from);
  const to = find(zoom.to);
  if (from < 0 && to < 0) return all;
  return clamp({ from: from < 0 ? 0 : from, to: to < 0 ? all.to : to }, rows.length);
}

export function zoomOf(rows: readonly Row[], { from, to }: Window): PanelState['zoom'] {
  if (from <= 0 && to >= rows.length - 1) return undefined;
  return { from: rows[from]?.id ?? '', to: rows[to]?.id ?? '' };
}

/** Closer by `factor` about a row, which stays where it is. */
export function zoomed(w: Window, count: number, factor: number, centre = (w.from + w.to) / 2): Window {
  const length = w.to - w.from;
  const next = Math.max(Math.min(FEWEST, count - 1), Math.round(length * factor));
  const share = length === 0 ? 0.5 : Math.min(1, Math.max(0, (centre - w.from) / length));
  const from = Math.round(centre - share * next);
  return clamp({ from, to: from + next }, count);
}

export function panned(w: Window, count: number, by: number): Window {
  const length = w.to - w.from;
  const from = Math.min(Math.max(0, Math.round(w.from + by)), Math.max(0, count - 1 - length));
  return { from, to: from + length };
}

/** The window moved just so far that the row is in it. */
export function including(w: Window, count: number, row: number): Window {
  if (row < w.from) return panned(w, count, row - w.from);
  return row > w.to ? panned(w, count, row - w.to) : w;
}

function clamp({ from, to }: Window, count: number): Window {
  const last = Math.max(0, count - 1);
  const a = Math.min(Math.max(0, from), last);
  const b = Math.min(Math.max(a, to), last);
  return { from: a, to: b };
}
