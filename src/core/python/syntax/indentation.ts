import { failureAlone } from './chunks.js';
import type { Holes } from './holes.js';

/**
 * Takes out what breaks the structure of blocks: headers without a block and lines at a wrong depth. The parser
 * reports these at the statement after the one that is to blame, so they are looked for first.
 */
export function takeOutMisplaced(holes: Holes, text: string): void {
  const { lines } = holes;
  const stack = [lines[0]?.indent ?? 0];
  /** The stack before the last line, where that line left blocks. */
  let left: number[] = [];
  let opener: number | undefined;
  let i = 0;
  while (i < lines.length) {
    const line = lines[i];
    const top = stack.at(-1) ?? 0;
    const indent = line?.indent ?? 0;
    if (opener !== undefined) {
      if (indent > top) stack.push(indent);
      else {
        i = Math.max(i, holes.addStatement(opener, emptyBlock));
        opener = undefined;
        continue;
      }
    } else if (indent > top) {
      const before = lines[i - 1];
      if (before && left.includes(indent) && failureAlone(text, before) !== undefined) {
        // The line before is broken and stands too far out: it left no block.
        holes.addMisplaced(i - 1, i, indent, outdented);
        stack.splice(0, stack.length, ...left.slice(0, left.indexOf(indent) + 1));
        continue;
      }
      const end = skipDeeper(holes, i, top);
      holes.addMisplaced(i, end, top, 'Unexpected indent');
      i = end;
      continue;
    } else if (indent < top && !stack.includes(indent)) {
      i = takeOutDedent(holes, i, stack);
      continue;
    }
    left = indent < top ? [...stack] : [];
    while ((stack.at(-1) ?? 0) > indent && stack.length > 1) stack.pop();
    opener = line?.opensBlock === true ? i : undefined;
    i++;
  }
  if (opener !== undefined) holes.addStatement(opener, emptyBlock);
}

const outdented = 'Unindent does not match any outer indentation level';
const emptyBlock = { message: 'Expected an indented block', start: undefined, end: undefined };

function skipDeeper(holes: Holes, from: number, width: number): number {
  let end = from;
  while ((holes.lines[end]?.indent ?? -1) > width) end++;
  return end;
}

/** A line that is less deep than its block and fits no outer one: what follows tells in which block it was meant. */
function takeOutDedent(holes: Holes, index: number, stack: number[]): number {
  const indent = holes.lines[index]?.indent ?? 0;
  let end = index + 1;
  while (end < holes.lines.length) {
    const depth = holes.lines[end]?.indent ?? 0;
    if (depth < indent || stack.includes(depth)) break;
    end++;
  }
  const next = holes.lines[end]?.indent;
  const outer = Math.max(...stack.filter((width) => width < indent));
  const width = next !== undefined && next > indent && stack.includes(next) ? next : outer;
  while ((stack.at(-1) ?? 0) > width && stack.length > 1) stack.pop();
  holes.addMisplaced(index, end, width, outdented);
  return end;
}
