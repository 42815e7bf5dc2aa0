/**
 * A module's syntax tree as text, for the Python that ships with InitScope: reading it takes a fraction of the time
 * that parsing the source takes, and the bodies of functions that nobody calls are never read at all.
 *
 * `code` is a stream of integers, each in base 32 from the low digits up, one character of `DIGITS` a digit, with the
 * sixth bit set on all digits but the last (as in source maps). A value is a tag, then:
 *
 * | tag | follows |
 * |---|---|
 * | `null`, `true`, `false` | nothing |
 * | `text` | index into `strings` |
 * | `number` | index into `strings`, where it stands in decimal |
 * | `bigint` | likewise |
 * | `list` | length, values |
 * | `later` | number of characters of the value, start of the node around it, the value: read when asked for |
 * | `shape` + k | values of the keys of `shapes[k]`, without `type`, which the shape has |
 *
 * A node's `start` is the difference from the `start` of the node read before it (folded to be positive), its `end` the difference
 * from its own `start`; neither has a tag.
 */
export interface PackedModule {
  /** Length of the source, in UTF-16 code units. */
  readonly length: number;
  /** Offsets of the lines after the first, each as the difference from the one before. */
  readonly lines: string;
  /** Names that the module binds at its top level. */
  readonly names: readonly string[];
  readonly strings: readonly string[];
  readonly shapes: readonly Shape[];
  readonly code: string;
}

export interface Shape {
  /** `null` for parts of a node that have no `type`. */
  readonly type: string | null;
  readonly keys: readonly string[];
}

export const TAG = {
  null: 0,
  true: 1,
  false: 2,
  text: 3,
  number: 4,
  bigint: 5,
  list: 6,
  later: 7,
  shape: 8,
} as const;

/** 64 characters that need no escape in a string literal. */
export const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
