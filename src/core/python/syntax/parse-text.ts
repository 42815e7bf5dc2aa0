import { parsePython } from 'py-ast';
import type { Broken, Statement } from './ast.js';
import { Conversion } from './convert-context.js';
import { convertBody } from './convert-statements.js';
import { speedUpLexer } from './identifier-letters.js';
import { outlineOf, type Cut } from './outline.js';
import { describeFailure } from './problems.js';

speedUpLexer();

/**
 * Parses one stretch of source; throws at the first error.
 * @param base where `text` starts in the file
 * @param holes statements that stand in for a broken stretch, by their offset in the file
 */
export function parseText(text: string, base: number, holes?: ReadonlyMap<number, Broken>): Statement[] {
  const tree = parsePython(text);
  return convertBody(new Conversion(text, base, holes), tree.body);
}

/**
 * Parses a file of which most functions will not be called: their bodies are parsed one by one when they are asked
 * for. Throws at an error outside of them.
 */
export function parseOutline(text: string): Statement[] {
  const outline = outlineOf(text);
  if (!outline) return parseText(text, 0);
  const conversion = new Conversion(text, 0, undefined, outline);
  conversion.bodyAt = (start, className) => {
    const cut = outline.bodies.get(start);
    return cut && (() => parseBody(text, cut, className));
  };
  return convertBody(conversion, parsePython(outline.text).body);
}

/** A block needs a statement around it. */
const HEADER = 'if 1:\n';

/** The statements of a function's body, or one that says why they can't be parsed. */
function parseBody(text: string, { start, end }: Cut, className: string | null): Statement[] {
  let lineStart = start;
  while (lineStart > 0 && (text[lineStart - 1] === ' ' || text[lineStart - 1] === '\t')) lineStart--;
  const shift = lineStart - HEADER.length;
  const source = HEADER + text.slice(lineStart, end);
  try {
    const [header] = parsePython(source).body;
    const conversion = new Conversion(text, 0, undefined, { text: source, original: (offset) => offset + shift });
    conversion.className = className;
    return header?.nodeType === 'If' ? convertBody(conversion, header.body) : [];
  } catch (error) {
    return [{ type: 'Broken', start, end, message: describeFailure(error, source).message, defines: null }];
  }
}
