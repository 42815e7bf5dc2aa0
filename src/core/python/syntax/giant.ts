import { Holes } from './holes.js';
import { logicalLines } from './logical.js';

/** Below this size a file is not searched for giant statements. */
const SEARCH_FROM = 256 * 1024;
/** A statement longer than this is data, not a model. */
const GIANT = 128 * 1024;

/** Takes embedded data, such as a list of a million numbers, out of a big file: reading it costs a second per MB. */
export function takeOutGiants(text: string): Holes | undefined {
  if (text.length < SEARCH_FROM) return undefined;
  const holes = new Holes(text, 0, logicalLines(text, false));
  holes.lines.forEach((line, i) => {
    const size = line.end - line.first;
    if (size < GIANT || line.opensBlock) return;
    const message = `Data of ${Math.round(size / 1024)} KB is not read`;
    holes.addStatement(i, { message, start: undefined, end: undefined });
  });
  return holes.problems.length > 0 ? holes : undefined;
}
