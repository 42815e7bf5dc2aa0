import type { Fix, SourceRange, TextEdit } from '../../model/index.js';
import { parseCached } from '../../python/interpreter/index.js';
import { Document } from './source/document.js';
import { Imports } from './source/imports.js';

/** Text of a file as it was inspected; nothing where there is none. */
export type ReadText = (path: string) => string | null | undefined;

/** The files that fixes are written into. */
export class Sources {
  private readonly known = new Map<string, Document | undefined>();

  constructor(private readonly read: ReadText) {}

  document(path: string): Document | undefined {
    if (!this.known.has(path)) this.known.set(path, this.load(path));
    return this.known.get(path);
  }

  private load(path: string): Document | undefined {
    // What is installed is not the user's to edit.
    if (/(?:^|\/)(?:site|dist)-packages\//.test(path)) return undefined;
    const text = this.read(path);
    return typeof text === 'string' ? new Document(path, parseCached(path, text)) : undefined;
  }
}

/** A file that a fix is being written into. */
export interface Sheet {
  readonly document: Document;
  readonly imports: Imports;
}

/** A fix that is being written: its edits in one or several files, and the imports that they need. */
export class Draft {
  private readonly edits: TextEdit[] = [];
  private readonly sheets = new Map<string, Sheet>();

  constructor(private readonly sources: Sources) {}

  /** The file of a range; undefined where it can't be edited. */
  sheet(range: SourceRange | undefined): Sheet | undefined {
    if (range === undefined) return undefined;
    const known = this.sheets.get(range.file);
    if (known) return known;
    const document = this.sources.document(range.file);
    const sheet = document && { document, imports: new Imports(document) };
    if (sheet) this.sheets.set(range.file, sheet);
    return sheet;
  }

  /** False where there is nothing to add. */
  add(edits: readonly TextEdit[] | TextEdit | undefined): boolean {
    if (edits === undefined) return false;
    this.edits.push(...(Array.isArray(edits) ? (edits as TextEdit[]) : [edits as TextEdit]));
    return true;
  }

  /** The same edit may be asked for from several places. */
  addOnce(edit: TextEdit): void {
    if (!this.edits.some((e) => isSameText(e, edit) && e.start === edit.start && e.end === edit.end)) this.add(edit);
  }

  get isEmpty(): boolean {
    return this.edits.length === 0;
  }

  /** The fix; undefined where nothing was written, or two edits want the same text. */
  finish(title: string, preferred = false): Fix | undefined {
    if (this.isEmpty) return undefined;
    const edits = [...this.edits, ...[...this.sheets.values()].flatMap(({ imports }) => imports.edits())].sort(byPlace);
    const overlap = edits.some((e, i) => {
      const before = edits[i - 1];
      return before !== undefined && isSameText(before, e) && e.start < before.end;
    });
    return overlap ? undefined : { title, edits, ...(preferred && { preferred: true }) };
  }
}

function isSameText(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.cell === b.cell;
}

function byPlace(a: TextEdit, b: TextEdit): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return (a.cell ?? -1) - (b.cell ?? -1) || a.start - b.start || a.end - b.end;
}

/** A text after the edits of one of its files or cells. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, text: written } of [...edits].sort(byPlace)) {
    result += text.slice(position, start) + written;
    position = end;
  }
  return result + text.slice(position);
}
