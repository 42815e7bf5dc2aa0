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
