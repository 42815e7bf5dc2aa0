import { diffLines } from '../../src/cli/diff.js';
import { applyEdits } from '../../src/core/advice/fixes/index.js';
import { inspect, type Inspection } from '../../src/core/inspect.js';
import type { Finding, Fix, Report } from '../../src/core/model/index.js';

/** Files by their paths; the first is the one that is inspected. */
export type Files = ReadonlyMap<string, string>;

/** Inspects the first of some files in a workspace that holds nothing but them, and asks for edits. */
export function inspectFiles(files: Files): Inspection {
  const [[file, text] = ['', '']] = files;
  return inspect(
    { file, text, isAwaited: true, withEdits: true },
    { read: (path) => files.get(path) ?? null, roots: [''], users: () => [...files.keys()].slice(1) },
  );
}

/** The files after a fix. */
export function withFix(files: Files, fix: Fix): Files {
  return new Map(
    [...files].map(([path, text]) => {
      const edits = fix.edits.filter((e) => e.file === path);
      return [path, path.endsWith('.ipynb') ? inCells(text, edits) : applyEdits(text, edits)];
    }),
  );
}

interface Notebook {
  cells: { source: string | string[] }[];
}

/** Edits of a notebook count within the source of their cells. */
function inCells(json: string, edits: Fix['edits']): string {
  if (edits.length === 0) return json;
  const notebook = JSON.parse(json) as Notebook;
  notebook.cells.forEach((cell, i) => {
    const source = typeof cell.source === 'string' ? cell.source : cell.source.join('');
    cell.source = applyEdits(
      source,
      edits.filter((e) => e.cell === i),
    );
  });
  return JSON.stringify(notebook, null, 1);
}

/** A file as a person reads it: of a notebook, its cells. */
export function readable(path: string, text: string): string {
  if (!path.endsWith('.ipynb')) return text;
  return (JSON.parse(text) as Notebook).cells
    .map(({ source }) => (typeof source === 'string' ? source : source.join('')))
    .join('\n\n');
}

/** What a fix must not bring in. */
export function isGrave({ severity }: Finding): boolean {
  return severity === 'error' || severity === 'warning';
}

/** What must not change: the model's parameters, as its `state_dict` names them. */
export function parametersOf({ parameters }: Report): string[] {
  return parameters.flatMap((p) => [p.name, ...p.aliases].map((name) => `${name} ${p.shape.join('×')}`)).sort();
}

/** Where a fix leads: the variance of each layer's output that an activation feeds, heads aside. */
export function variancesOf({ layers }: Report): number[] {
  return layers
    .filter((l) => l.recommended?.fedBy?.kind === 'activation' && l.recommended.branches === undefined)
    .slice(0, -1)
    .flatMap((l) => (l.forward ? [l.forward.variance] : []));
}

/** Lines that differ, with one line around: `- ` of the old text, `+ ` of the new. */
export function diff(before: string, after: string): string {
  const lines = diffLines(before.split('\n'), after.split('\n'));
  const near = (i: number): boolean => [i - 1, i, i + 1].some((k) => lines[k] !== undefined && lines[k].sign !== ' ');
  return lines
    .flatMap(({ sign, text }, i) =>
      near(i) ? [`    ${sign} ${text.replaceAll('\t', '→').replace('\r', '␍')}`.trimEnd()] : [],
    )
    .join('\n');
}
