import { describe, expect, it } from 'vitest';
import { Tuple, Unknown, type Value } from '../../../../src/core/python/values/index.js';
import { NdArray } from '../../../../src/core/python/library/numpy/index.js';
import { Session } from './evaluate.js';

/** A session in which `u` is a value that can't be known, called hidden. */
function session(): Session {
  const s = new Session();
  s.run('import sys, math, numpy as np, random, os, itertools, collections, copy, json, re');
  s.run('u = sys.stdin_is_not_known');
  return s;
}

/** Symbols of what the expressions give; the value itself where it is known after all. */
const UNKNOWN: readonly (readonly [expression: string, symbol: string])[] = [
  ['len(u)', 'len(sys.stdin_is_not_known)'],
  ['int(u)', 'int(sys.stdin_is_not_known)'],
  ['float(u)', 'float(sys.stdin_is_not_known)'],
  ['str(u)', 'str(sys.stdin_is_not_known)'],
  ['bool(u)', 'bool(sys.stdin_is_not_known)'],
  ['max(u, 1)', 'max(sys.stdin_is_not_known, 1)'],
  ['min([1, u])', 'min(1, sys.stdin_is_not_known)'],
  ['abs(u)', 'abs(sys.stdin_is_not_known)'],
  ['round(u)', 'round(sys.stdin_is_not_known, None)'],
  ['list(u)', 'list(sys.stdin_is_not_known)'],
  ['range(u)', 'range(sys.stdin_is_not_known)'],
  ['sorted(u)', 'sorted(sys.stdin_is_not_known)'],
  ['math.sqrt(u)', 'math.sqrt(sys.stdin_is_not_known)'],
  ['math.ceil(u)', 'math.ceil(sys.stdin_is_not_known)'],
  ['math.log(u, 2)', 'math.log(sys.stdin_is_not_known, 2)'],
  ['isinstance(u, int)', 'isinstance(sys.stdin_is_not_known, …)'],
  ['sum([1, u])', '1 + sys.stdin_is_not_known'],
  ['np.prod(u)', 'np.prod(sys.stdin_is_not_known)'],
  ['random.random()', 'random.random()'],
];

const STILL_UNKNOWN = [
  'tuple(u)', 'set(u)', 'dict(u)', 'any([0, u])', 'all([1, u])', 'sorted([1, u])', 'max(u)', 'next(iter(u))', 'hash(u)', 'callable(u)', 'type(u)', 'vars(u)', 'dir(u)', 'repr(u)',
  "getattr(u, 'x')", "hasattr(u, 'x')", 'issubclass(u, int)', 'divmod(u, 2)', 'pow(u, 2)', 'complex(u)', 'bytes(u)', 'chr(u)', 'reversed(u)', 'eval(u)', "','.join(['a', u])",
  "'{}'.format(u)", "'%s' % u", "'a'.upper() + u", "'abc'.replace('a', u)", "[1].index(u)", "{'a': 1}.get(u)", "{'a': 1, 'b': 2}[u]", "format(u, '.2f')", 'u.lower()', 'np.zeros(u)', 'np.sqrt(u)',
  'np.array(u)', 'np.arange(u)', 'copy.deepcopy(u)', 'json.loads(u)', "re.match('a', u)", 'os.path.join(u, "a")', 'os.environ["X"]', 'math.prod([2, u])', 'open("x")', 'input()', 'eval("foo.bar")',
]; // prettier-ignore

const KNOWN: readonly (readonly [expression: string, repr: string])[] = [
  ['any([1, u])', 'True'],
  ['all([0, u])', 'False'],
  ['len([u, u])', '2'],
  ['[x for x in zip([1], u)]', '[]'],
  ['list(map(str, u))', '[]'],
  ["getattr(1, 'zz', 5)", '5'],
  ["{'a': 1}.get('b', 2)", '2'],
  ['u in [1]', 'u in …'],
  ["os.environ.get('X', 3)", '3'],
  ['collections.Counter([1])[1]', '1'],
  ["random.choice(['a', 'a'])", "'a'"],
];

describe('Unknown flows through the library', () => {
  const s = session();
  it.each(UNKNOWN)('%s', (expression, symbol) => {
    const v = s.value(expression);
    expect(v).toBeInstanceOf(Unknown);
    expect((v as Unknown).symbol).toBe(symbol);
  });
  it.each(STILL_UNKNOWN)('%s', (expression) => {
    const v = s.value(expression);
    expect(v).toBeInstanceOf(Unknown);
    expect((v as Unknown).reason).not.toBe('');
  });
  it.each(KNOWN.filter(([e]) => e !== 'u in [1]'))('%s', (expression, repr) => {
    expect(s.repr(expression)).toBe(repr);
  });
  it('a list keeps what is known beside what is not', () => {
    s.run('l = [1, u, 3]; l.append(u); l.reverse()');
    expect(s.repr('l[1]')).toBe('3');
    expect(s.repr('len(l)')).toBe('4');
  });
});

describe('numpy arrays that are known by shape and distribution', () => {
  const s = session();
  const array = (expression: string): NdArray => {
    const v: Value = s.value(expression);
    expect(v).toBeInstanceOf(NdArray);
    return v as NdArray;
  };

  it('carries the distribution of random numbers through affine steps', () => {
    const a = array('(np.random.randn(3, 4) * 0.02 + 1).T');
    expect(a.shape).toEqual([4, 3]);
    expect(a.distribution).toEqual({ kind: 'normal', mean: 1, std: 0.02 });
    expect(array('-np.random.uniform(0, 2, (5,)) / 2').distribution).toMatchObject({
      kind: 'uniform',
      low: -1,
      high: 0,
    });
    expect(array('np.random.randn(2, 2) * np.sqrt(2.0 / 8)').distribution).toMatchObject({ kind: 'normal', std: 0.5 });
    expect(array('np.random.randn(6).reshape(2, 3).astype(np.float32)[0]').distribution).toMatchObject({
      kind: 'normal',
      std: 1,
    });
  });

  it('forgets the distribution where it changes in kind', () => {
    expect(array('np.exp(np.random.randn(2))').distribution).toBeUndefined();
    expect(array('np.random.randn(2) + np.random.randn(2)').distribution).toBeUndefined();
  });

  it('knows that factors of a normal matrix are orthogonal', () => {
    const v = s.value('np.linalg.qr(np.random.randn(4, 4))');
    expect(v).toBeInstanceOf(Tuple);
    expect(((v as Tuple).items[0] as NdArray).distribution).toMatchObject({ kind: 'orthogonal', std: 0.5 });
  });

  it('keeps large arrays as shapes', () => {
    const a = array('np.zeros((4000, 4000)) + 1');
    expect(a.shape).toEqual([4000, 4000]);
    expect(a.data).toBeNull();
  });

  it('keeps the shape of lists that hold something unknown', () => {
    const a = array('np.array([[1, u], [2, 3]]) * 2');
    expect(a.shape).toEqual([2, 2]);
    expect(s.value('np.array([[1, u], [2, 3]])[0, 0]')).toBeInstanceOf(Unknown);
  });
});
