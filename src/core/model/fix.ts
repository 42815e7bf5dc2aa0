import type { Refactoring } from './report.js';

/** A stretch of source and what to write in its place; offsets are those of the text that was inspected. */
export interface TextEdit {
  readonly file: string;
  /** In a notebook: the number of the cell that the offsets count in. */
  readonly cell?: number | undefined;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An edit that the user can apply, in one step that one undo takes back. Its edits don't overlap. */
export interface Fix {
  /** As a menu shows it: `Use kaiming_uniform_ with nonlinearity="relu"`. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** What a careful colleague would type first; alternatives are not. */
  readonly preferred?: true | undefined;
}

/** Which edits somebody asks for, of one file. */
export type EditsWanted =
  /** What can be done about the code there: fixes and refactorings. Offsets count within the cell of a notebook. */
  | { readonly on: 'place'; readonly start: number; readonly end: number; readonly cell?: number | undefined }
  /** Fixes of all findings. */
  | { readonly on: 'findings' }
  /** What brings a whole model to its recommended initialization: the one of that entry, or each. */
  | { readonly on: 'models'; readonly entry?: string | undefined };

/** The edits that were asked for. */
export interface EditsOffered {
  readonly fixes: readonly { readonly code: string; readonly fix: Fix }[];
  readonly refactorings: readonly (Refactoring & { readonly entry: string })[];
}
