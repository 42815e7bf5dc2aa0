import type { ExprNode, StmtNode } from 'py-ast';
import type { Broken, Located, Statement } from './ast.js';
import { LineIndex } from './lines.js';

/** A node of py-ast's tree by its name. */
export type PyExpr<T extends ExprNode['nodeType']> = Extract<ExprNode, { nodeType: T }>;
export type PyStmt<T extends StmtNode['nodeType']> = Extract<StmtNode, { nodeType: T }>;

/** Where py-ast says that a node stands. */
export interface PyPlace {
  readonly lineno: number;
  readonly col_offset: number;
  readonly end_lineno?: number;
  readonly end_col_offset?: number;
}

/** Something that py-ast lets pass and Python does not. `start` and `end` are offsets into the text that was parsed. */
export class ConversionError extends Error {
  constructor(
    message: string,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}

/** What the conversion of one stretch of source has to know. */
export class Conversion {
  private readonly lines: LineIndex;
  private readonly original: ((offset: number) => number) | undefined;
  /** Set when a `yield` is met; functions and lambdas save and restore it around their bodies. */
  sawYield = false;
  /** Name of the innermost class around, for private names. */
  className: string | null = null;
  /** End of the last hole met: the statements around it reach at least as far. */
  holesEnd = 0;

  /** The body that was left out at an offset, as a function that reads it; given the name of the class around it. */
  bodyAt?: (start: number, className: string | null) => (() => readonly Statement[]) | undefined;

  /**
   * @param text what py-ast was given, unless `parsed` says otherwise
   * @param base where `text` starts in the file
   * @param holes statements that stand in for a broken stretch, by their offset in the file
   * @param parsed what py-ast was given in place of `text`, and where in `text` its offsets belong
   */
  constructor(
    readonly text: string,
    private readonly base: number,
    private readonly holes?: ReadonlyMap<number, Broken>,
    parsed?: { readonly text: string; readonly original: (offset: number) => number },
  ) {
    this.lines = new LineIndex(parsed?.text ?? text);
    this.original = parsed?.original;
  }

  /** `__x` inside a class is `_Class__x` (private names of Python's reference, 6.2.1). */
  privateName(name: string): string {
    if (this.className === null || !name.startsWith('__') || name.endsWith('__')) return name;
    const owner = this.className.replace(/^_+/, '');
    return owner === '' ? name : `_${owner}${name}`;
  }

  localStart(node: PyPlace): number {
    return this.offset(node.lineno, node.col_offset);
  }

  localEnd(node: PyPlace): number {
    return this.offset(node.end_lineno ?? node.lineno, node.end_col_offset ?? node.col_offset);
  }

  private offset(line: number, column: number): number {
    const offset = this.lines.offsetAt(line, column);
    return this.original ? this.original(offset) : offset;
  }

  start(node: PyPlace): number {
    return this.base + this.localStart(node);
  }

  end(node: PyPlace): number {
    return this.base + this.localEnd(node);
  }

  /** A stretch of the parsed text as a place in the file. */
  range(start: number, end: number): Located {
    return { start: this.base + start, end: this.base + end };
  }

  slice(node: PyPlace): string {
    return this.text.slice(this.localStart(node), this.localEnd(node));
  }

  /** The broken stretch that an expression statement stands for. */
  holeAt(node: PyPlace): Broken | undefined {
    const hole = this.holes?.get(this.base + this.localStart(node));
    if (hole) this.holesEnd = hole.end;
    return hole;
  }

  error(message: string, node: PyPlace): ConversionError {
    return new ConversionError(message, this.localStart(node), this.localEnd(node));
  }
}

/** Python compares identifiers in normal form KC. */
export function identifier(name: string): string {
  // eslint-disable-next-line no-control-regex -- the ASCII range
  return /^[\x00-\x7f]*$/.test(name) ? name : name.normalize('NFKC');
}
