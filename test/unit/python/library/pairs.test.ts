import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Session } from './evaluate.js';

/** Expressions and what CPython gives for them: see generate.py. */
const folder = new URL('.', import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  describe(file, () => {
    const session = new Session();
    let code: string[] = [];
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
      if (line.startsWith('|')) {
        code.push(line.slice(2));
        continue;
      }
      const at = line.indexOf(' => ');
      if (at < 0 || line.startsWith('#')) continue;
      const before = code.join('\n');
      code = [];
      const expression = line.slice(0, at);
      it(expression, () => {
        if (before !== '') session.run(before);
        expect(session.repr(expression)).toBe(line.slice(at + 4));
      });
    }
  });
}
