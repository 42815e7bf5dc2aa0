import type { SourceRange } from '../model/index.js';
import { isRange } from './ranges.js';

type Corner = 'start' | 'end';

/** Where the places in one text stand in another. */
export class Moves {
  private readonly there = { start: new Map<string, SourceRange>(), end: new Map<string, SourceRange>() };
  /** The other way round: places that were apart may not have become one. */
  private readonly back = { start: new Map<string, string>(), end: new Map<string, string>() };
  private moved = false;
  /** Most are told many times: of a layer, its module, its weights. */
  private readonly told = new Map<SourceRange, SourceRange>();

  /** Nothing has. */
  get isEmpty(): boolean {
    return !this.moved;
  }

  /** False where this contradicts what was told before. */
  tell(old: SourceRange, now: SourceRange): boolean {
    if (this.told.get(old) === now) return true;
    this.told.set(old, now);
    if (old.start !== now.start || old.end !== now.end || old.line !== now.line || !isSameText(old, now))
      this.moved = true;
    return this.tellCorner('start', old, now) && this.tellCorner('end', old, now);
  }

  /** The range as it is now; undefined where nobody told. */
  of(range: SourceRange): SourceRange | undefined {
    const start = this.there.start.get(keyOf(range, 'start'));
    const end = this.there.end.get(keyOf(range, 'end'));
    return start === undefined || end === undefined || !isSameText(start, end) ? undefined : { ...start, end: end.end };
  }

  private tellCorner(corner: Corner, old: SourceRange, now: SourceRange): boolean {
    const [from, to] = [keyOf(old, corner), keyOf(now, corner)];
    const known = this.there[corner].get(from);
    if (known !== undefined) return keyOf(known, corner) === to;
    if (this.back[corner].has(to)) return false;
    this.there[corner].set(from, now);
    this.back[corner].set(to, from);
    return true;
  }
}

/**
 * Whether two pieces of plain data differ in nothing but their places, and where these have gone: as one to one, so that
 * places that are compared by whoever reads the data compare alike.
 */
export function movesBetween(old: unknown, now: unknown): Moves | undefined {
  const moves = new Moves();
  return isAlike(old, now, moves) ? moves : undefined;
}

function isAlike(old: unknown, now: unknown, moves: Moves): boolean {
  if (typeof old !== 'object' || typeof now !== 'object' || old === null || now === null) return Object.is(old, now);
  if (old === now) return standStill(old, moves);
  if (Array.isArray(old)) return Array.isArray(now) && areAlike(old, now, moves);
  if (Array.isArray(now)) return false;
  if (isRange(old)) return isRange(now) && moves.tell(old, now);
  return haveAlike(old as Record<string, unknown>, now as Record<string, unknown>, moves);
}

/** What is undefined may as well be absent. */
function haveAlike(old: Record<string, unknown>, now: Record<string, unknown>, moves: Moves): boolean {
  let known = 0;
  for (const key in old) {
    if (!isAlike(old[key], now[key], moves)) return false;
    if (old[key] !== undefined) known++;
  }
  for (const key in now) if (now[key] !== undefined) known--;
  return known === 0;
}

function areAlike(old: readonly unknown[], now: readonly unknown[], moves: Moves): boolean {
  return old.length === now.length && old.every((value, i) => isAlike(value, now[i], moves));
}

/** What both share holds places as well, and they have not gone anywhere. */
function standStill(shared: object, moves: Moves): boolean {
  return isRange(shared)
    ? moves.tell(shared, shared)
    : Object.values(shared).every((v: unknown) => typeof v !== 'object' || v === null || standStill(v, moves));
}

function isSameText(a: SourceRange, b: SourceRange): boolean {
  return a.file === b.file && a.cell === b.cell;
}

function keyOf(range: SourceRange, corner: Corner): string {
  return `${range[corner]} ${range.cell ?? ''} ${range.file}`;
}
