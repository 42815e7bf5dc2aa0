import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseModule } from '../../../../src/core/python/syntax/index.js';
import { unpackLines, unpackStatements } from '../../../../src/core/python/syntax/packed/index.js';
import { packModule } from '../../../../src/core/python/syntax/packed/pack.js';

const library = fileURLToPath(new URL('../../../../src/core/frameworks/torch/library', import.meta.url));
const files = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.py'));

describe('packed modules', () => {
  it.each(files)('%s is unpacked as it was parsed', (file) => {
    const source = readFileSync(path.join(library, file), 'utf8');
    const { module, lines } = parseModule(source);
    const packed = JSON.parse(JSON.stringify(packModule(source))) as ReturnType<typeof packModule>;
    expect(unpackStatements(packed)).toEqual(module.body);
    expect(unpackLines(packed)).toEqual(Array.from({ length: lines.lineCount }, (_, i) => lines.lineStart(i + 1)));
  });

  it('keeps numbers, big numbers and strings apart', () => {
    const source = 'x = [1, 1.0, 1e400, 2**70, 1180591620717411303424, "1", b"1", 3j, None, True, ...]\n';
    expect(unpackStatements(packModule(source))).toEqual(parseModule(source).module.body);
  });

  it('reads the body of a function when asked, whatever was read before', () => {
    const source = 'def f(x):\n  def g():\n    return x\n  return g\n\ny = f(1)\n';
    const [f, y] = unpackStatements(packModule(source));
    const parsed = parseModule(source).module.body;
    expect(y).toEqual(parsed[1]);
    expect(f).toEqual(parsed[0]);
  });

  it('lists the names that a module binds itself', () => {
    const { names } = packModule(
      'import a\nclass A: pass\ndef f(): pass\nB = C = 1\nx: int = 2\nd, e = 1, 2\nA.z = 3\n',
    );
    expect(names).toEqual(['A', 'f', 'B', 'C', 'x', 'd', 'e']);
  });

  it('refuses a module that does not parse', () => {
    expect(() => packModule('x = 1\ndef f(:\n')).toThrow(/^line 2: /);
  });
});
