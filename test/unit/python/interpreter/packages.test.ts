import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/core/inspect.js';

/** Reasons of everything that stays unknown when the first file is read with the others beside it. */
function unknowns(files: Readonly<Record<string, string>>): string[] {
  const [[file, text] = ['', '']] = Object.entries(files);
  const { unknown, failed } = inspect({ file, text }, { read: (path) => files[path] ?? null, roots: ['/w'] });
  return [...unknown, ...failed].map((u) => u.reason);
}

const DOC = '"""' + 'Says a lot about nothing.\n'.repeat(5) + '    Args:\n        x (`int`): a number\n"""';

describe('packages', () => {
  it('that import their own files by their own name', () => {
    const files = {
      '/w/main.py': 'from lib import core, other\nassert core.x == 1 and other.y == 2',
      '/w/lib/__init__.py': 'from lib import core\nfrom lib import other as other',
      '/w/lib/core.py': 'x = 1',
      '/w/lib/other.py': 'from lib import core\ny = core.x + 1',
    };
    expect(unknowns(files)).toEqual([]);
  });

  it('reached by relative imports only, outside the roots', () => {
    const files = {
      '/far/pkg/models/net.py': 'from ..utils import doc\nassert doc.version == "1.2"',
      '/far/pkg/__init__.py': '__version__ = "1.2"\nfrom .utils import doc',
      '/far/pkg/models/__init__.py': '',
      '/far/pkg/utils/__init__.py': '',
      '/far/pkg/utils/doc.py': 'from .. import __version__\nversion = __version__',
    };
    expect(unknowns(files)).toEqual([]);
  });

  it('whose __init__ takes names from the file that is read, and lists them', () => {
    const files = {
      '/w/nets/gamma.py': 'from nets import Base\nclass Gamma(Base):\n    pass',
      '/w/nets/__init__.py':
        "from .base import *\nfrom .gamma import *\nfrom .gamma import Gamma as G\nnets = {'gamma': Gamma, 'g': G}",
      '/w/nets/base.py': 'class Base:\n    pass',
    };
    expect(unknowns(files)).toEqual([]);
  });

  it('that add folders to their path', () => {
    const files = {
      '/w/main.py': 'from lib import deep\nassert deep.x == 1',
      '/w/lib/__init__.py':
        'import os\n__path__.append(os.path.join(os.path.dirname(__file__), "api"))\nfrom lib.api import *',
      '/w/lib/api/__init__.py': 'z = 1',
      '/w/lib/api/deep.py': 'x = 1',
    };
    expect(unknowns(files)).toEqual([]);
  });

  it('keep the docstrings of what is imported', () => {
    const files = {
      '/w/main.py': 'from lib import Out\nassert "Args:" in Out.__doc__\nassert "Args:" in Out.f.__doc__',
      '/w/lib.py': `class Out:\n    ${DOC}\n    def f(self):\n        ${DOC}\n        return 1\n`,
    };
    expect(unknowns(files)).toEqual([]);
  });
});

describe('what functions tell of themselves', () => {
  it.each([
    [
      'the class around a method, to its decorator',
      'def d(f):\n  global q\n  q = f.__qualname__\n  return f\nclass A:\n  @d\n  def m(self): pass\nassert q == "A.m"',
    ],
    [
      'code that a copy is made of',
      'import types\ndef f(a, b=2): return a + b\ng = types.FunctionType(f.__code__, f.__globals__, name="g", argdefs=f.__defaults__, closure=f.__closure__)\nassert g(1) == 3 and g.__name__ == "g" and isinstance(g, types.FunctionType)',
    ],
    [
      'a cached method keeps its class',
      'import functools\nclass A:\n  @functools.lru_cache(maxsize=1)\n  def n(self): return 3\nassert A().n() == 3',
    ],
  ])('%s', (_, text) => {
    expect(unknowns({ '/w/main.py': text })).toEqual([]);
  });
});

describe('the machine that a file would run on', () => {
  it.each([
    [
      'has none of the variables that a try expects may be missing',
      'import os\ntry:\n  v = os.environ["RUN_SLOW"]\nexcept KeyError:\n  v = 5\nassert v == 5',
    ],
    [
      'has nothing on its disk, also where a path is not known',
      'import os\nfrom pathlib import Path\nassert not os.path.isdir(os.environ["HOME"])\nassert not os.access("/x", os.W_OK)',
    ],
  ])('%s', (_, text) => {
    expect(unknowns({ '/w/main.py': text })).toEqual([]);
  });
});

describe('what trains or loads data', () => {
  it('can be named, extended and called', () => {
    const text = `
import torch, torch.nn as nn
from torch.utils.data import BatchSampler, ConcatDataset, DistributedSampler, RandomSampler, Subset, TensorDataset
from torch.optim.lr_scheduler import LambdaLR, _LRScheduler
from torchvision import transforms, datasets
data = TensorDataset(torch.zeros(10, 3))
both = ConcatDataset([data, Subset(data, [1, 2])])
assert len(both) == 12 and len(BatchSampler(RandomSampler(both), 5, False)) == 3
class Warm(LambdaLR):
    def __init__(self, o): super().__init__(o, lambda i: 1)
Warm(torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1)).step()
pictures = datasets.MNIST('x', transform=transforms.Compose([transforms.ToTensor()]))
`;
    expect(unknowns({ '/w/main.py': text })).toEqual([]);
  });

  it('says what it does where it is needed', () => {
    const text = 'from torch.utils.data import DataLoader\nfor x in DataLoader([1]): pass';
    expect(unknowns({ '/w/main.py': text }).join()).toContain('torch.utils.data.DataLoader loads data');
  });
});
