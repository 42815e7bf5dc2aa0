/** The code of a Jupyter notebook as one module. */
export interface NotebookSource {
  /** The code cells, in order, each ended by a line feed. */
  readonly text: string;
  /** Offset in `text` at which each code cell starts, with the number that the cell has among all cells of the notebook. */
  readonly cells: readonly { readonly start: number; readonly index: number }[];
}

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

/** Reads a notebook's JSON (nbformat 3 and 4); `undefined` when it is none. */
export function readNotebook(json: string): NotebookSource | undefined {
  let notebook: unknown;
  try {
    notebook = JSON.parse(json);
  } catch {
    return undefined;
  }
  const all = cellsOf(notebook);
  if (!all) return undefined;
  let text = '';
  const cells: { start: number; index: number }[] = [];
  for (const [index, cell] of all.entries()) {
    if (cell.cell_type !== 'code') continue;
    const source = sourceOf(cell);
    cells.push({ start: text.length, index });
    // A cell in another language (%%bash, %%html) is none of ours, but keeps its place.
    text += `${/^\s*%%(?!time|capture|timeit)/.test(source) ? source.replace(/[^\n]/g, ' ') : source.replace(/^(\s*)%%[^\n]*/, (m) => ' '.repeat(m.length))}\n`;
  }
  return { text, cells };
}

function cellsOf(notebook: unknown): readonly Cell[] | undefined {
  if (typeof notebook !== 'object' || notebook === null) return undefined;
  if ('cells' in notebook && Array.isArray(notebook.cells)) return notebook.cells as Cell[];
  if ('worksheets' in notebook && Array.isArray(notebook.worksheets)) {
    return (notebook.worksheets as { cells?: Cell[] }[]).flatMap((w) =>
      (w.cells ?? []).map((c) => ({ ...c, source: 'input' in c ? c.input : c.source })),
    );
  }
  return undefined;
}

function sourceOf(cell: Cell): string {
  if (typeof cell.source === 'string') return cell.source;
  return Array.isArray(cell.source) ? cell.source.filter((l): l is string => typeof l === 'string').join('') : '';
}

/** The cell that an offset falls into, and where that cell starts. */
export function cellAt(
  source: NotebookSource,
  offset: number,
): { readonly start: number; readonly index: number } | undefined {
  let found: { readonly start: number; readonly index: number } | undefined;
  for (const c of source.cells) {
    if (c.start > offset) break;
    found = c;
  }
  return found;
}
