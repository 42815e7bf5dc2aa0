/** A place in a source file. Offsets count UTF-16 code units, as VS Code and JavaScript strings do. */
export interface SourceRange {
  /** Workspace-relative or absolute path, with forward slashes; for a notebook the notebook's path. */
  readonly file: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** 1-based line of `start`. */
  readonly line: number;
  /** In a notebook: the number of the cell among all its cells; offsets and line then count within the cell. */
  readonly cell?: number | undefined;
}

/**
 * One dimension of a shape: its size, or, where the size is not known, the expression that it stands for
 * as the user would write it (`"hidden * 4"`, `"?"` when there is none).
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Product of a shape's dimensions; `undefined` as soon as one of them is unknown. The empty shape has 1 entry. */
export function countEntries(shape: Shape): number | undefined {
  let n = 1;
  for (const d of shape) {
    if (typeof d !== 'number') return undefined;
    n *= d;
  }
  return n;
}
