import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModule } from '../../../../src/core/python/syntax/index.js';
import { moduleText } from './sexpr.js';

/*
 * cases/*.txt hold cases of this form, separated by blank lines:
 *
 *   === title
 *   source
 *   --->
 *   the tree, one statement a line (further lines are joined with a space)
 */
const folder = join(__dirname, 'cases');

interface Case {
  readonly title: string;
  readonly source: string;
  readonly tree: string;
}

function readCases(text: string): Case[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = '', tree = ''] = part.split(/^--->\n/m);
      const end = head.indexOf('\n');
      return { title: head.slice(0, end), source: head.slice(end + 1), tree: squeeze(tree) };
    });
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

for (const file of readdirSync(folder)) {
  describe(file, () => {
    for (const { title, source, tree } of readCases(readFileSync(join(folder, file), 'utf8'))) {
      it(title, () => {
        const { module, problems } = parseModule(source, { magics: file === 'magics.txt' });
        expect(squeeze(moduleText(module.body))).toBe(tree);
        expect(problems.length > 0).toBe(file === 'broken.txt');
      });
    }
  });
}
