import type { SourceRange } from '../model/index.js';

/** Plain data with all the ranges in it replaced; parts that hold none, or whose ranges stay, are shared. */
export function withRanges<T>(value: T, replace: (range: SourceRange) => SourceRange): T {
  return replaced(value, replace) as T;
}

function replaced(value: unknown, replace: (range: SourceRange) => SourceRange): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return replacedItems(value, replace);
  if (isRange(value)) return replace(value);
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const old: unknown = value[key as keyof typeof value];
    const now = replaced(old, replace);
    if (now !== old) (copy ??= { ...value })[key] = now;
  }
  return copy ?? value;
}

function replacedItems(items: readonly unknown[], replace: (range: SourceRange) => SourceRange): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const now = replaced(items[i], replace);
    if (now !== items[i]) (copy ??= [...items])[i] = now;
  }
  return copy ?? items;
}

/** Whether it is a place: nothing else has these four. */
export function isRange(value: object): value is SourceRange {
  return 'line' in value && 'file' in value && 'start' in value && 'end' in value;
}
