import type { Broken } from './ast.js';
import { isClause, takesClauses } from './chunks.js';
import type { LogicalLine } from './logical.js';
import { applyMasks, type Mask } from './prepare.js';
import type { Failure, SyntaxProblem } from './problems.js';

const DEFINITION = /^(?:@.*\s+)*?(?:async\s+)?(?:def|class)\s+([^\W\d]\w*)/;
const ASSIGNMENT = /^([^\W\d]\w*)\s*(?::[^=\n]*)?=(?!=)/;
/** An expression statement of one character, so that it fits everywhere. */
const STAND_IN = '0';

/** A stretch that is kept from the parser. */
interface Hole {
  readonly start: number;
  readonly end: number;
  /** Where the stand-in is put; nothing stands for the hole where there is no room. */
  readonly at: number | undefined;
  readonly broken: Broken;
  readonly problem: SyntaxProblem;
}

/** The stretches that have been taken out of a chunk of source so that the rest can be parsed. */
export class Holes {
  private holes: Hole[] = [];

  /** @param base where `text` starts in the file */
  constructor(
    private readonly text: string,
    private readonly base: number,
    readonly lines: readonly LogicalLine[],
  ) {}

  /** The text without what was taken out; every other place is where it was. */
  get masked(): string {
    const masks = this.holes.map(({ start, end, at }): Mask => {
      if (at === undefined) return { start, end, text: '' };
      return { start, end, text: this.text.slice(start, at).replace(/\S/g, ' ') + STAND_IN };
    });
    return applyMasks(this.text, masks);
  }

  /** What the stand-ins stand for, by their offset in the file. */
  get standIns(): Map<number, Broken> {
    const pairs = this.holes.flatMap(({ at, broken }) => (at === undefined ? [] : [[this.base + at, broken] as const]));
    return new Map(pairs);
  }

  get broken(): Broken[] {
    return this.holes.map((hole) => hole.broken);
  }

  get problems(): SyntaxProblem[] {
    return this.holes.map((hole) => hole.problem);
  }

  covers(offset: number): boolean {
    return this.holes.some((hole) => offset >= hole.start && offset < hole.end);
  }

  /** Takes out the statement that the line belongs to, with its block and clauses; returns the index after it. */
  addStatement(index: number, failure: Failure): number {
    const from = this.openerOf(index);
    const to = this.blockEnd(from);
    // Nothing can stand between decorators and what they decorate.
    const at = this.isDecorator(from) ? undefined : this.lines[this.firstDecorator(from)]?.first;
    this.add(from, to, at, failure);
    return to;
  }

  /** Takes out lines that stand at a wrong depth; `width` is the indentation at which a statement could stand. */
  addMisplaced(from: number, to: number, width: number, message: string): void {
    const line = this.lines[from];
    if (!line) return;
    const physical = /^[^\r\n]*/.exec(this.text.slice(line.start))?.[0] ?? '';
    // The stand-in has to fit into the line; with tabs the width is not a number of characters.
    const fits = width < physical.length && !/^\s*\t/.test(physical);
    this.add(from, to, fits ? line.start + width : undefined, { message, start: undefined, end: undefined });
  }

  private add(from: number, to: number, at: number | undefined, failure: Failure): void {
    const first = this.lines[this.firstDecorator(from)];
    const last = this.lines[to - 1];
    if (!first || !last) return;
    const start = first.start;
    const source = this.text.slice(first.first, last.end).trimEnd();
    const place = { start: this.base + first.first, end: this.base + first.first + source.length };
    const { message } = failure;
    const broken: Broken = { type: 'Broken', ...place, message, defines: definedName(source) };
    const problem: SyntaxProblem = { message, ...place };
    this.holes = this.holes.filter((hole) => hole.start < start || hole.start >= last.end);
    this.holes.push({ start, end: last.end, at, broken, problem: this.narrow(problem, failure) });
    this.holes.sort((a, b) => a.start - b.start);
  }

  /** The place of the error itself where it lies in the stretch taken out. */
  private narrow(problem: SyntaxProblem, { start, end }: Failure): SyntaxProblem {
    if (start === undefined || end === undefined) return problem;
    const inside = this.base + start >= problem.start && this.base + start < problem.end;
    if (!inside) return problem;
    return { ...problem, start: this.base + start, end: Math.min(problem.end, this.base + end) };
  }

  /** The line that starts the statement which the clause at `index` belongs to. */
  private openerOf(index: number): number {
    const indent = this.lines[index]?.indent ?? 0;
    let opener = index;
    while (this.isClause(opener)) {
      let before = opener - 1;
      while (before > 0 && (this.lines[before]?.indent ?? 0) > indent) before--;
      const line = this.lines[before];
      if (line?.indent !== indent || !takesClauses(this.text, line)) break;
      opener = before;
    }
    return opener;
  }

  /** Index after the block and the clauses of the statement at `index`. */
  private blockEnd(index: number): number {
    const line = this.lines[index];
    const indent = line?.indent ?? 0;
    const open = line !== undefined && takesClauses(this.text, line);
    let end = index + 1;
    for (; end < this.lines.length; end++) {
      const depth = this.lines[end]?.indent ?? 0;
      if (depth < indent || (depth === indent && !(open && this.isClause(end)))) break;
    }
    return end;
  }

  /** A definition goes with its decorators; a decorator goes alone. */
  private firstDecorator(index: number): number {
    let first = index;
    if (this.isDecorator(index)) return index;
    while (this.isDecorator(first - 1) && this.lines[first - 1]?.indent === this.lines[index]?.indent) first--;
    return first;
  }

  private isDecorator(index: number): boolean {
    const line = this.lines[index];
    return line !== undefined && this.text.startsWith('@', line.first);
  }

  private isClause(index: number): boolean {
    const line = this.lines[index];
    return line !== undefined && isClause(this.text, line);
  }
}

/** The name that a statement would have bound, as far as its first line tells. */
export function definedName(source: string): string | null {
  return DEFINITION.exec(source)?.[1] ?? ASSIGNMENT.exec(source)?.[1] ?? null;
}
