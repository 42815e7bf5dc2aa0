import { parsePython } from 'py-ast';
import type { Broken, Statement } from './ast.js';
import { Conversion } from './convert-context.js';
import { convertBody } from './convert-statements.js';

/**
 * Parses one stretch of source; throws at the first error.
 * @param base where `text` starts in the file
 * @param holes statements that stand in for a broken stretch, by their offset in the file
 */
export function parseText(text: string, base: number, holes?: ReadonlyMap<number, Broken>): Statement[] {
  const tree = parsePython(text);
  return convertBody(new Conversion(text, base, holes), tree.body);
}
