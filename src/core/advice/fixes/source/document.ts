import type { SourceRange, TextEdit } from '../../../model/index.js';
import type { parseCached } from '../../../python/interpreter/index.js';
import type { ast } from '../../../python/syntax/index.js';
import { isStatement, pathTo, type Node } from './tree.js';

type SourceFile = ReturnType<typeof parseCached>;

/** A colon at a line's end, and the blanks in front of the next line that is no comment. */
const BLOCK = /:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*([ \t]+)\S/g;

/** A Python file, or a notebook with its cells as one module, and what of its writing an edit has to keep. */
export class Document {
  readonly text: string;
  readonly module: ast.Module;
  readonly body: readonly ast.Statement[];
  /** What ends its lines. */
  readonly eol: string;

  constructor(
    readonly path: string,
    private readonly file: SourceFile,
  ) {
    this.text = file.source;
    this.module = file.module;
    this.body = file.module.body;
    this.eol = /\r\n|\n|\r/.exec(this.text)?.[0] ?? '\n';
  }

  /** Replaces [start, end). In a notebook the edit falls into the cell of its start. */
  edit(start: number, end: number, text: string): TextEdit {
    const { file, cell, start: from, end: to } = this.file.places({ start, end });
    return { file, ...(cell !== undefined && { cell }), start: from, end: to, text };
  }

  /** A range's place in `text`. */
  located(range: SourceRange): ast.Located {
    return { start: this.file.offsetIn(range, range.start), end: this.file.offsetIn(range, range.end) };
  }

  /** The nodes that hold a range, outermost first. */
  pathTo(range: SourceRange): Node[] {
    const { start, end } = this.located(range);
    return pathTo(this.body, start, end);
  }

  /** The nodes that hold a node, and the node itself. */
  pathOf({ start, end }: ast.Located): Node[] {
    return pathTo(this.body, start, end);
  }

  slice(at: ast.Located): string {
    return this.text.slice(at.start, at.end);
  }

  lineStart(offset: number): number {
    let start = offset;
    // Searching for a line end that the file has none of would go through all of it.
    while (start > 0 && !isLineEnd(this.text.charCodeAt(start - 1))) start--;
    return start;
  }

  /** Just before the line's end. */
  lineEnd(offset: number): number {
    let end = offset;
    while (end < this.text.length && !isLineEnd(this.text.charCodeAt(end))) end++;
    return end;
  }

  /** The blanks in front of the line that an offset is in. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset)))?.[0] ?? '';
  }

  /** One level of indentation below a line with some: that of the file's first block that is indented alike. */
  unitBelow(indent: string): string {
    if (indent.startsWith('\t')) return '\t';
    for (const found of this.text.matchAll(BLOCK)) {
      const outer = this.indentAt(found.index);
      const inner = found[1] ?? '';
      const unit = inner.startsWith(outer) ? inner.slice(outer.length) : '';
      if (unit !== '' && (indent === '' || unit.startsWith(' '))) return unit;
    }
    return '    ';
  }

  /** The quotes that most of its strings have. */
  get quote(): '"' | "'" {
    const count = (q: string): number => this.text.split(q).length;
    return count("'") > count('"') ? "'" : '"';
  }
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/** The innermost statement on a path, the block that it stands in, and what holds that block. */
export interface Standing {
  readonly statement: ast.Statement;
  readonly siblings: readonly ast.Statement[];
}

/** Where the innermost statement of a path stands. */
export function standing(document: Document, path: readonly Node[]): Standing | undefined {
  let at = path.length - 1;
  while (at >= 0 && !isStatement(path[at]!)) at--;
  const statement = path[at] as ast.Statement | undefined;
  if (statement === undefined) return undefined;
  const parent = path[at - 1];
  const siblings = parent === undefined ? document.body : blocksOf(parent).find((b) => b.includes(statement));
  return siblings && { statement, siblings };
}

function blocksOf(node: Node): (readonly ast.Statement[])[] {
  switch (node.type) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
      return [node.body];
    case 'For':
    case 'While':
    case 'If':
      return [node.body, node.orelse];
    case 'Try':
      return [node.body, ...node.handlers.map((h) => h.body), node.orelse, node.finalbody];
    case 'Match':
      return node.cases.map((c) => c.body);
    default:
      return [];
  }
}
