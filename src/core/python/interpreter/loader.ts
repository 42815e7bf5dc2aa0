import type { Workspace } from '../../inspect.js';
import type { SourceRange } from '../../model/source.js';
import type * as ast from '../syntax/ast.js';
import { parseModule, type PackedModule, type ParsedModule } from '../syntax/index.js';
import { lineIn } from '../syntax/lines.js';
import { unpackLines, unpackStatements } from '../syntax/packed/index.js';
import { cellAt, readNotebook } from './notebook.js';

/** A module file of the workspace. */
export interface Found {
  readonly path: string;
  readonly text: string;
  readonly isPackage: boolean;
}

/** Finds and parses the workspace's module files. Parsed files are kept by content, so that a second evaluation is cheap. */
export class Loader {
  /** Paths that the workspace did not know yet. */
  readonly needs = new Set<string>();

  constructor(private readonly workspace: Workspace) {}

  /** The file of a dotted name below one of the roots; `null` when there is none. */
  find(dotted: string, roots: readonly string[] = this.workspace.roots): Found | null {
    const relative = dotted.split('.').join('/');
    for (const root of roots) {
      const base = root === '' ? relative : `${root}/${relative}`;
      for (const [path, isPackage] of [
        [`${base}/__init__.py`, true],
        [`${base}.py`, false],
      ] as const) {
        const text = this.workspace.read(path);
        if (text === undefined) this.needs.add(path);
        else if (text !== null) return { path, text, isPackage };
      }
    }
    return null;
  }

  /** The `__init__.py` of a folder. */
  findPackage(dir: string): Found | null {
    const path = dir === '' ? '__init__.py' : `${dir}/__init__.py`;
    const text = this.workspace.read(path);
    if (text === undefined) this.needs.add(path);
    return text === undefined || text === null ? null : { path, text, isPackage: true };
  }
}

/** What runs when a module is imported, and how its offsets become places to show. */
export interface RunnableFile {
  readonly module: ast.Module;
  readonly places: (node: ast.Located) => SourceRange;
}

/** A parsed file. */
export interface SourceFile extends ParsedModule, RunnableFile {
  /** The Python text: the file itself, or a notebook's cells put together. */
  readonly source: string;
  /** The opposite of `places`: where in `source` an offset of the file, or of a notebook's cell, is. */
  readonly offsetIn: (range: Pick<SourceRange, 'cell'>, offset: number) => number;
}

interface Parsed {
  readonly text: string;
  readonly outline: boolean;
  readonly result: SourceFile;
}

const parsed = new Map<string, Parsed>();
/** Characters of source whose trees are kept: a tree takes about 70 bytes a character. */
const KEPT = 1_000_000;
let kept = 0;

/**
 * Parses a file, or gives the result of the last time when its text is the same.
 * @param outline functions may be parsed when they are called: enough for a file that is imported
 */
export function parseCached(path: string, text: string, outline = false): SourceFile {
  const old = parsed.get(path);
  if (old?.text === text && (outline || !old.outline)) return old.result;
  const result = parseFile(path, text, outline);
  if (old) forget(path, old);
  const entry = { text, outline, result };
  parsed.set(path, entry);
  kept += sizeOf(entry);
  // The files parsed longest ago go first.
  for (const [file, entry] of parsed) {
    if (kept <= KEPT || file === path) break;
    forget(file, entry);
  }
  return result;
}

function forget(path: string, entry: Parsed): void {
  parsed.delete(path);
  kept -= sizeOf(entry);
}

/** In characters parsed. An outline has a fifth of the text, and some functions that were called. */
function sizeOf({ text, outline }: Parsed): number {
  return outline ? text.length / 3 : text.length;
}

function parseFile(path: string, text: string, outline: boolean): SourceFile {
  const notebook = path.endsWith('.ipynb') ? readNotebook(text) : undefined;
  if (!notebook) {
    const result = parseModule(path.endsWith('.ipynb') ? '' : text, { outline });
    return {
      ...result,
      source: text,
      places: (n) => ({ file: path, start: n.start, end: n.end, line: result.lines.lineAt(n.start) }),
      offsetIn: (_, offset) => offset,
    };
  }
  const result = parseModule(notebook.text, { magics: true });
  const places = (n: ast.Located): SourceRange => {
    const cell = cellAt(notebook, n.start);
    const start = cell?.start ?? 0;
    return {
      file: path,
      start: n.start - start,
      end: n.end - start,
      line: result.lines.lineAt(n.start) - result.lines.lineAt(start) + 1,
      ...(cell ? { cell: cell.index } : {}),
    };
  };
  const offsetIn = ({ cell }: Pick<SourceRange, 'cell'>, offset: number): number =>
    (notebook.cells.find(({ index }) => index === cell)?.start ?? 0) + offset;
  return { ...result, source: notebook.text, places, offsetIn };
}

const unpacked = new WeakMap<PackedModule, RunnableFile>();

/** Reads a file of the library that ships with InitScope, once. */
export function unpackCached(path: string, packed: PackedModule): RunnableFile {
  let file = unpacked.get(packed);
  if (!file) {
    let starts: number[] | undefined;
    file = {
      module: { type: 'Module', start: 0, end: packed.length, body: unpackStatements(packed) },
      places: (n) => ({
        file: path,
        start: n.start,
        end: n.end,
        line: lineIn((starts ??= unpackLines(packed)), n.start),
      }),
    };
    unpacked.set(packed, file);
  }
  return file;
}
