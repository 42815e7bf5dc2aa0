import type { Broken, Expression, Module, Statement } from './ast.js';
import { takeOutGiants } from './giant.js';
import { LineIndex } from './lines.js';
import { parseOutline, parseText } from './parse-text.js';
import { prepare } from './prepare.js';
import { describeFailure, type SyntaxProblem } from './problems.js';
import { parseInChunks, type Repaired } from './repair.js';

export type { SyntaxProblem } from './problems.js';

export interface ParseOptions {
  /** Skip the lines that only IPython understands: `%matplotlib inline`, `!pip install …`, `?name`. */
  readonly magics?: boolean;
  /** Parse the bodies of functions when they are asked for. Problems in them then show only there. */
  readonly outline?: boolean;
  /** Longer files are not read, in UTF-16 code units. */
  readonly limit?: number;
}

export interface ParsedModule {
  readonly module: Module;
  readonly problems: readonly SyntaxProblem[];
  readonly lines: LineIndex;
}

export interface ParsedStatements {
  readonly statements: readonly Statement[];
  readonly problems: readonly SyntaxProblem[];
}

export interface ParsedExpression {
  readonly expression?: Expression;
  readonly problem?: SyntaxProblem;
}

const DEFAULT_LIMIT = 2 * 1024 * 1024;

/** Reads a file. Never throws: what cannot be read becomes a `Broken` statement and a problem. */
export function parseModule(text: string, options: ParseOptions = {}): ParsedModule {
  const { statements, problems } = parseStatements(text, options);
  let lines: LineIndex | undefined;
  return {
    module: { type: 'Module', start: 0, end: text.length, body: statements },
    problems,
    get lines() {
      return (lines ??= new LineIndex(text));
    },
  };
}

/** Like `parseModule`, for text that is not a file. */
export function parseStatements(text: string, options: ParseOptions = {}): ParsedStatements {
  const limit = options.limit ?? DEFAULT_LIMIT;
  if (text.length > limit) {
    const message = `The file is larger than ${formatSize(limit)} and is not read`;
    return { statements: [], problems: [{ message, start: 0, end: 0 }] };
  }
  return readPrepared(prepare(text, options.magics === true), options.outline === true);
}

function readPrepared(source: string, outline: boolean): Repaired {
  const giants = takeOutGiants(source);
  const text = giants?.masked ?? source;
  const standIns = giants?.standIns ?? new Map<number, Broken>();
  const known = giants?.problems ?? [];
  try {
    const statements = outline && !giants ? parseOutline(text) : parseText(text, 0, standIns);
    return { statements, problems: known };
  } catch {
    const { statements, problems } = parseInChunks(text, standIns);
    return { statements, problems: [...known, ...problems] };
  }
}

/** Reads one expression; line ends in it need no brackets. */
export function parseExpression(text: string): ParsedExpression {
  const source = prepare(text, false);
  const plain = readExpression(source.trimStart(), source.length - source.trimStart().length);
  if (plain.expression || !/[\r\n]/.test(source.trim())) return plain;
  const bracketed = readExpression(`(${source}\n)`, -1);
  // The failure without the brackets says more.
  return bracketed.expression ? bracketed : plain;
}

function readExpression(source: string, base: number): ParsedExpression {
  const whole = { start: base, end: base + source.length };
  try {
    const [only, ...more] = parseText(source, base);
    if (only?.type === 'Expr' && more.length === 0) return { expression: only.value };
    return { problem: { message: 'Expected a single expression', ...whole } };
  } catch (error) {
    const { message, start, end } = describeFailure(error, source);
    if (start === undefined || end === undefined) return { problem: { message, ...whole } };
    return { problem: { message, start: base + start, end: base + end } };
  }
}

function formatSize(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.round(bytes / (1024 * 1024))} MB` : `${Math.round(bytes / 1024)} KB`;
}
