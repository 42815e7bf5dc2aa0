import type { FailedEntry, Report } from '../src/protocol/model.js';
import type { PanelContent, PanelState, WhatIfControls } from '../src/protocol/panel.js';
import type { Comparison, Simulated } from './chart/curves.js';
import { bandsOf, foldedPaths, groupsOf, visibleRows } from './modules.js';
import { type Row, rowsOf } from './rows.js';
import type { View } from './simulations.js';
import type { Theme } from './theme.js';

/** All that the page shows follows from this. */
export interface PageState {
  readonly content: PanelContent;
  /** What outlives a reload. */
  readonly kept: PanelState;
  readonly current: View;
  readonly compared: View;
  readonly theme: Theme;
  /** A word on what was done: copied, saved. */
  readonly told: string;
}

const noControls: WhatIfControls = {};

export function controlsOf({ whatIf }: Pick<PanelState, 'whatIf'>): WhatIfControls {
  return whatIf ?? noControls;
}

export function currentReport({ content, kept }: Pick<PageState, 'content' | 'kept'>): Report | undefined {
  if (content.kind !== 'ready') return undefined;
  const { reports, failed } = content;
  if (failed.some(({ entry }) => entry === kept.entry)) return undefined;
  return reports.find(({ entry }) => entry === kept.entry) ?? reports[0];
}

/** The model that could not be built and is asked for, or that there is nothing besides. */
export function currentFailure(state: Pick<PageState, 'content' | 'kept'>): FailedEntry | undefined {
  const { content, kept } = state;
  if (content.kind !== 'ready' || currentReport(state) !== undefined) return undefined;
  return content.failed.find(({ entry }) => entry === kept.entry) ?? content.failed[0];
}

export function hasNumbers({ layers }: Report): boolean {
  return layers.some(({ forward }) => forward !== undefined);
}

/** The index of the selected layer in the report; −1 for none. */
export function selectedIndex(report: Report, { layer, step }: Pick<PanelState, 'layer' | 'step'>): number {
  if (layer === undefined) return -1;
  if (report.layers[step ?? -1]?.name === layer) return step ?? -1;
  return report.layers.findIndex(({ name }) => name === layer);
}

export interface Layout {
  /** Every layer that is listed. */
  readonly all: readonly Row[];
  /** The same with folded modules as one. */
  readonly rows: readonly Row[];
  readonly bands: ReturnType<typeof bandsOf>;
}

export function layoutOf(report: Report, kept: Pick<PanelState, 'allSteps' | 'folds' | 'layer' | 'step'>): Layout {
  const short = rowsOf(report, kept.allSteps === true);
  const selected = selectedIndex(report, kept);
  // What is selected is shown even where the short list leaves it out.
  const all = selected >= 0 && !short.some(({ index }) => index === selected) ? rowsOf(report, true) : short;
  const groups = groupsOf(all);
  const folded = foldedPaths(all, groups, kept.folds ?? {});
  return { all, rows: visibleRows(all, groups, folded), bands: bandsOf(all, groups, folded) };
}

/** Place among the rows of a layer, or of the folded module that it is in. */
export function placeOf(rows: readonly Row[], index: number): number {
  return rows.findIndex((row) => row.index === index || row.folded?.layers.includes(index) === true);
}

/** A simulation may be of an older text: only one with the report's own layers is drawn beside it. */
export function simulatedOf(report: Report, view: View): Simulated {
  const { finite } = view;
  const fits = finite?.entry === report.entry && sameLayers(report, finite);
  return { moments: report, finite: fits ? finite : undefined };
}

function sameLayers(a: Report, b: Report): boolean {
  return a.layers.length === b.layers.length && a.layers.every(({ name }, i) => b.layers[i]?.name === name);
}

export function comparisonOf(
  isCalledFor: 'nothing' | 'recommended' | 'whatIf',
  moments: Report | undefined,
  finite: Report | undefined,
): Comparison {
  if (isCalledFor === 'nothing') return undefined;
  if (isCalledFor === 'recommended') return { kind: 'recommended' };
  return moments === undefined ? undefined : { kind: 'whatIf', moments, finite };
}
