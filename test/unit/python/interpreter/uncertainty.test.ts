import { describe, expect, it } from 'vitest';
import { Unknown } from '../../../../src/core/python/values/index.js';
import { runPython } from '../../../support/python.js';

/** `flag` is a value that can't be known. */
const flag = 'from elsewhere import flag\n';

describe('conditions that are not known', () => {
  it('keeps what both sides agree on', () => {
    const { reprOf } = runPython(`${flag}if flag:\n  x, y = 1, 2\nelse:\n  x, y = 1, 3\n`);
    expect(reprOf('x')).toBe('1');
  });

  it('makes what differs unknown, with the reason', () => {
    const { module } = runPython(`${flag}if flag:\n  y = 2\nelse:\n  y = 3\n`);
    const y = module.names.get('y');
    expect(y).toBeInstanceOf(Unknown);
    expect((y as Unknown).reason).toContain("the module 'elsewhere' is not in the workspace");
  });

  it('takes objects back to where they were before the other side runs', () => {
    const { reprOf } = runPython(
      `${flag}a = [1]\nd = {}\nseen = []\nif flag:\n  a.append(2)\n  d['k'] = 1\nelse:\n  seen.append((len(a), len(d)))\n`,
    );
    expect(reprOf('seen')).toBe('[(1, 0)]');
    expect(reprOf('a')).toBe('[1, 2]');
    expect(reprOf('d')).toBe("{'k': 1}");
  });

  it('takes a side that raises not to happen', () => {
    const { reprOf } = runPython(
      `${flag}if flag:\n  raise ValueError('no')\nelse:\n  x = 1\nif not flag:\n  raise ValueError('no')\nz = 2\n`,
    );
    expect(reprOf('x')).toBe('1');
    expect(reprOf('z')).toBe('2');
  });

  it('goes on behind an early return', () => {
    const { reprOf } = runPython(
      `${flag}calls = []\ndef f():\n  if flag:\n    return 5\n  calls.append(1)\n  return 5\nx = f()\n`,
    );
    expect(reprOf('x')).toBe('5');
    expect(reprOf('calls')).toBe('[1]');
  });

  it('prefers the side that has an object', () => {
    const { reprOf } = runPython(
      `${flag}class A:\n  def __repr__(self): return 'A'\nx = A() if flag else None\nif flag:\n  y = None\nelse:\n  y = A()\n`,
    );
    expect([reprOf('x'), reprOf('y')]).toEqual(['A', 'A']);
  });

  it('does not know what a loop over what is not known counts and fills', () => {
    const { reprOf, it: interpreter } = runPython(`${flag}n = 0\nfor _ in range(flag):\n  n += 1\n`);
    expect(reprOf('n')).toBe('n');
    expect(interpreter.notes.list.some((n) => n.reason.includes('zero times') && n.range?.line === 3)).toBe(true);
  });

  it('knows the items from before a loop, and not how many there are after it', () => {
    const { reprOf } = runPython(
      `${flag}d, s, l = {'a': 0}, {1}, [5]\nfor w in flag:\n  d[w] = len(d)\n  s.add(w)\n  l.append(w)\n` +
        "a, first = d['a'], l[0]\nsizes = [len(d), len(s), len(l), len(sorted(s)), len([x for x in l])]\n",
    );
    expect([reprOf('a'), reprOf('first')]).toEqual(['0', '5']);
    expect(reprOf('sizes')).toBe('[len(d), len(s), len(l), len(s), len(l)]');
  });

  it('goes on through views and iterators', () => {
    const { reprOf } = runPython(
      `${flag}d = {}\nfor w in flag:\n  d[w] = 1\n` +
        'n = [0, 0, 0]\na = b = c = e = 0\n' +
        'for k in d.keys():\n  a += 1\nfor i, k in enumerate(d):\n  b += 1\nfor k, v in zip(d, d.values()):\n  c += 1\n' +
        'for k in (x for x in d):\n  e += 1\n',
    );
    expect(['a', 'b', 'c', 'e'].map(reprOf)).toEqual(['a', 'b', 'c', 'e']);
  });

  it('takes back what the body of such a loop did to find out', () => {
    const { reprOf } = runPython(`${flag}l = []\nfor w in flag:\n  l.append(w)\n  last = w\n`);
    expect(reprOf('l')).toBe('[]');
  });

  it('writes sizes as the user would', () => {
    const { module } = runPython(`${flag}size = (flag * 4 + 1) // 2\n`);
    expect((module.names.get('size') as Unknown).symbol).toBe('(flag * 4 + 1) // 2');
  });
});

describe('budgets', () => {
  it('leaves a statement that recurses for ever, and goes on', () => {
    const { reprOf, it: interpreter } = runPython('def f(n):\n  return f(n + 1)\nx = f(0)\ny = 1\n');
    expect(reprOf('y')).toBe('1');
    expect(interpreter.notes.list[0]?.reason).toContain('recursion that does not end');
  });

  it('leaves an endless loop, and goes on', () => {
    const { reprOf } = runPython('x = 0\nwhile True:\n  x += 1\ny = 1\n');
    expect(reprOf('y')).toBe('1');
  });

  it('refuses sequences that would fill memory', () => {
    const { reprOf, it: interpreter } = runPython(
      "a = [0] * 10**12\nb = 'x' * 10**12\nc = list(range(10**12))\nd = 1\n",
    );
    expect(reprOf('d')).toBe('1');
    expect(interpreter.notes.list.length).toBe(3);
  });

  it('can be cancelled', () => {
    let asked = 0;
    expect(() => runPython('while True:\n  pass\n', {}, { isCancelled: () => ++asked > 3 })).toThrow('cancelled');
  });
});
