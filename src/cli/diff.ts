/** A line of one text, or of both. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** The least lines to take out and to put in: a longest common subsequence of what is between equal ends. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const room = Math.min(before.length, after.length) - head;
  while (tail < room && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const same = (texts: readonly string[]): DiffLine[] => texts.map((text) => ({ sign: ' ', text }));
  return [
    ...same(before.slice(0, head)),
    ...between(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

function between(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, own] = [a[i], b[j]];
    if (old !== undefined && old === own) {
      lines.push({ sign: ' ', text: old });
      i++;
      j++;
    } else if (old !== undefined && (own === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old });
      i++;
    } else if (own !== undefined) {
      lines.push({ sign: '+', text: own });
      j++;
    }
  }
  return lines;
}

/** Lines around a change that a patch tool finds its place by. */
const CONTEXT = 3;

/** A unified diff, as `patch` and `git apply` read it; empty where nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const lines = diffLines(linesOf(before), linesOf(after));
  const changed = lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  if (changed.length === 0) return '';
  const hunks: { from: number; to: number }[] = [];
  for (const i of changed) {
    const last = hunks.at(-1);
    const [from, to] = [Math.max(0, i - CONTEXT), Math.min(lines.length, i + CONTEXT + 1)];
    if (last && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  const body = hunks.map(({ from, to }) => hunkText(lines, from, to)).join('');
  return `--- a/${file}\n+++ b/${file}\n${body}`;
}

/** Lines with their ends: a last one without is told apart. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

function hunkText(lines: readonly DiffLine[], from: number, to: number): string {
  const count = (part: readonly DiffLine[], sign: '-' | '+'): number =>
    part.filter((l) => l.sign === ' ' || l.sign === sign).length;
  const [above, own] = [lines.slice(0, from), lines.slice(from, to)];
  const span = (sign: '-' | '+'): string => {
    const length = count(own, sign);
    // An empty span stands behind the line that it names.
    return `${count(above, sign) + (length === 0 ? 0 : 1)},${length}`;
  };
  const text = own.map(
    ({ sign, text }) => sign + (text.endsWith('\n') ? text : `${text}\n\\ No newline at end of file\n`),
  );
  return `@@ -${span('-')} +${span('+')} @@\n${text.join('')}`;
}
