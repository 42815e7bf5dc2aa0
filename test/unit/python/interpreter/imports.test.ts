import { describe, expect, it } from 'vitest';
import { runPython } from '../../../support/python.js';

describe('imports', () => {
  it('finds modules, packages and folders without __init__', () => {
    const { reprOf } = runPython(
      'import a\nfrom pkg import x\nfrom pkg.sub import y\nimport folder.deep.z as z\nfrom folder import other\nr = [a.v, x, y, z.v, other.v]\n',
      {
        'a.py': 'v = 1',
        'pkg/__init__.py': 'from .sub import y as x',
        'pkg/sub.py': 'y = 2',
        'folder/deep/z.py': 'v = 3',
        'folder/other.py': 'v = 4',
      },
    );
    expect(reprOf('r')).toBe('[1, 2, 2, 3, 4]');
  });

  it('follows relative imports by folder, cycles included', () => {
    const { reprOf } = runPython('from pkg.a import f\nr = f()\n', {
      'pkg/__init__.py': '',
      'pkg/a.py': 'from . import b\nfrom .inner.c import k\ndef f():\n  return b.g() + k\nv = 10\n',
      'pkg/b.py': 'from . import a\ndef g():\n  return a.v\n',
      'pkg/inner/__init__.py': '',
      'pkg/inner/c.py': 'from ..b import g\nfrom .. import a\nk = 5\n',
    });
    expect(reprOf('r')).toBe('15');
  });

  it('runs a package only when a name of it is asked for', () => {
    const { reprOf } = runPython('import pkg.sub\nr = pkg.sub.v\n', {
      'pkg/__init__.py': 'raise RuntimeError("loaded")',
      'pkg/sub.py': 'v = 1',
    });
    expect(reprOf('r')).toBe('1');
  });

  it('takes from x import * with and without __all__', () => {
    const { reprOf } = runPython(
      'from a import *\nfrom b import *\nr = [p, q]\ntry:\n  _h\nexcept NameError:\n  r.append(1)\n',
      { 'a.py': "__all__ = ['p']\np = 1\nz = 2", 'b.py': 'q = 3\n_h = 4' },
    );
    expect(reprOf('r')).toBe('[1, 3, 1]');
  });

  it('falls back where an ImportError is expected, unless the fallback gives up', () => {
    const { reprOf, module } = runPython(
      "try:\n  import apex\nexcept ImportError:\n  apex = None\ntry:\n  import needed\nexcept ImportError:\n  raise ImportError('install needed')\n",
    );
    expect(reprOf('apex')).toBe('None');
    expect(module.names.has('needed')).toBe(true);
  });

  it('names what is missing', () => {
    const { it: interpreter } = runPython('import nothing.here\n');
    expect(interpreter.notes.list[0]?.reason).toBe("the module 'nothing' is not in the workspace");
  });
});
