/** Characters of text that any pattern is matched against. */
const LONGEST = 200_000;
/** Characters for a pattern that may take exponential time: 2^28 steps are a second. */
const LONGEST_FOR_EXPLOSIVE = 28;

const CLASS_OR_ESCAPE = /\[(?:\\.|[^\]\\])*\]|\\[^.\-/\\,:]/gu;
/** A group with no group in it that is itself repeated without end. */
const REPEATED_GROUP = /\((?:\?(?::|<\w+>))?([^()]*)\)(?:[*+]|\{\d+,\})/u;
const INNERMOST_GROUP = /\((?:\?(?::|<\w+>|[=!]|<[=!]))?([^()]*)\)/u;
const REPETITION = /[*+]|\{\d+,\}/u;
/** A character that stands in each round of a group, such as the dot of `(\w+\.)*`: it leaves one way to match only. */
const SEPARATOR = /(?:\\[.\-/\\,:]|[,:;/\-=@])(?![*?{])/u;

/**
 * Whether a backtracking matcher may try exponentially many ways: something repeated inside something repeated, with no
 * separator between the rounds. JavaScript's matcher can't be stopped, so such patterns only get short texts.
 */
export function isExplosive(pattern: string): boolean {
  // Sets and escaped characters are one character each.
  let rest = pattern.replace(CLASS_OR_ESCAPE, 'c');
  for (let i = 0; i < 200; i++) {
    const body = REPEATED_GROUP.exec(rest)?.[1] ?? '';
    if ((REPETITION.test(body) || body.includes('|')) && !SEPARATOR.test(body)) return true;
    const inner = INNERMOST_GROUP.exec(rest);
    if (!inner) return false;
    // What was looked at is replaced by a mark of its own repetition, which groups round it see.
    const by = REPETITION.test(inner[1] ?? '') ? 'c+' : 'c';
    rest = rest.slice(0, inner.index) + by + rest.slice(inner.index + inner[0].length);
  }
  return true;
}

/** Whether matching against a text of this length ends in good time. */
export function isAffordable(length: number, explosive: boolean): boolean {
  return length <= (explosive ? LONGEST_FOR_EXPLOSIVE : LONGEST);
}
