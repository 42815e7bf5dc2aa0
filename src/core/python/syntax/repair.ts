import type { Broken, Statement } from './ast.js';
import { chunkEnd, failureAlone } from './chunks.js';
import { Holes, definedName } from './holes.js';
import { takeOutMisplaced } from './indentation.js';
import { hiddenStarts, logicalLines, type LogicalLine } from './logical.js';
import { parseText } from './parse-text.js';
import { describeFailure, type Failure, type SyntaxProblem } from './problems.js';

export interface Repaired {
  readonly statements: readonly Statement[];
  readonly problems: readonly SyntaxProblem[];
}

/** Statements that have been taken out already, by the offset of what stands for them. */
type StandIns = ReadonlyMap<number, Broken>;

/** A chunk with more broken statements than this is given up. */
const MAX_ATTEMPTS = 60;

/** Reads a file that does not parse as a whole, one top-level statement after the other. */
export function parseInChunks(text: string, standIns: StandIns): Repaired {
  const statements: Statement[] = [];
  const problems: SyntaxProblem[] = [];
  let position = 0;
  while (position < text.length) {
    const read = readChunk(text, position, standIns);
    statements.push(...read.statements);
    problems.push(...read.problems);
    position = read.end;
  }
  return { statements, problems };
}

function readChunk(text: string, start: number, standIns: StandIns): Repaired & { readonly end: number } {
  const end = chunkEnd(text, start);
  const chunk = text.slice(start, end);
  try {
    return { statements: parseText(chunk, start, standIns), problems: [], end };
  } catch {
    const repaired = repair(chunk, start, standIns);
    // An open bracket or string may have swallowed the statements after it.
    const hidden = hiddenStarts(chunk).find((offset) => isBroken(repaired.holes, start + offset));
    if (hidden === undefined) return { ...repaired, end };
    return { ...repair(chunk.slice(0, hidden), start, standIns), end: start + hidden };
  }
}

interface RepairedChunk extends Repaired {
  readonly holes: readonly Broken[];
}

/**
 * Reads a chunk that does not parse: takes out the statement at the first error and tries again, until the rest
 * parses. A function or class so loses its bad statement only.
 */
function repair(text: string, base: number, standIns: StandIns): RepairedChunk {
  const careful = logicalLines(text, false);
  const repaired = repairLines(text, base, careful, standIns);
  if (repaired.holes.length === 0) return repaired;
  const resynced = logicalLines(text, true);
  const known = new Set(careful.map((line) => line.first));
  const swallowed = resynced.some((line) => !known.has(line.first) && isBroken(repaired.holes, base + line.first));
  return swallowed ? repairLines(text, base, resynced, standIns) : repaired;
}

function repairLines(text: string, base: number, lines: readonly LogicalLine[], standIns: StandIns): RepairedChunk {
  const holes = new Holes(text, base, lines);
  takeOutMisplaced(holes, text);
  takeOutOpen(holes);
  let failure: Failure = { message: 'Too many syntax errors', start: undefined, end: undefined };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const masked = holes.masked;
    try {
      const statements = parseText(masked, base, new Map([...standIns, ...holes.standIns]));
      return { statements, problems: holes.problems, holes: holes.broken };
    } catch (error) {
      failure = describeFailure(error, masked);
      const culprit = findCulprit(holes, text, failure);
      if (culprit === undefined) break;
      holes.addStatement(culprit, failure);
    }
  }
  return giveUp(text, base, lines, failure);
}

/** The parser reports an open bracket at the statement after it. */
function takeOutOpen(holes: Holes): void {
  holes.lines.forEach((line, i) => {
    if (!line.open || holes.covers(line.first)) return;
    holes.addStatement(i, { message: 'A bracket or string is not closed', start: undefined, end: undefined });
  });
}

/** Index of the line to take out next. */
function findCulprit(holes: Holes, text: string, failure: Failure): number | undefined {
  const candidates = [...holes.lines.entries()].filter(([, line]) => !holes.covers(line.first));
  const { start } = failure;
  if (start !== undefined) return candidates.filter(([, line]) => line.start <= start).at(-1)?.[0];
  // The parser did not say where: a line that fails alone in the same way is to blame, or else the longest one.
  const alone = candidates.find(([, line]) => failureAlone(text, line) === failure.message);
  if (alone) return alone[0];
  const bySize = candidates.sort(([, a], [, b]) => a.end - a.start - (b.end - b.start));
  return bySize.at(-1)?.[0];
}

function giveUp(text: string, base: number, lines: readonly LogicalLine[], failure: Failure): RepairedChunk {
  const first = lines[0]?.first ?? 0;
  const source = text.slice(first).trimEnd();
  const place = { start: base + first, end: base + first + source.length };
  const broken: Broken = { type: 'Broken', ...place, message: failure.message, defines: definedName(source) };
  return { statements: [broken], problems: [{ message: failure.message, ...place }], holes: [broken] };
}

function isBroken(holes: readonly Broken[], offset: number): boolean {
  return holes.some((hole) => offset >= hole.start && offset < hole.end);
}
