import { expect, it } from 'vitest';
import { Session } from './evaluate.js';

/** Configuration libraries and other third-party helpers, which the machine that makes the pairs need not have. */
function check(setup: string, pairs: Readonly<Record<string, string>>): void {
  const s = new Session();
  s.run(setup);
  for (const [expression, repr] of Object.entries(pairs)) expect(s.repr(expression), expression).toBe(repr);
}

it('easydict', () => {
  check(
    `
from easydict import EasyDict as edict
c = edict({'a': 1, 'net': {'dims': [1, {'k': 2}]}})
c.new = 5
c.net.depth = 3
`,
    {
      'c.a': '1',
      'c.net.dims[1].k': '2',
      "c['new']": '5',
      'c.net.depth': '3',
      "c.get('zz', 7)": '7',
      'sorted(c)': "['a', 'net', 'new']",
      'isinstance(c, dict)': 'True',
      'c.missing': '! AttributeError',
      "hasattr(c, 'missing')": 'False',
      'len(c)': '3',
      'dict(**c.net)': "{'dims': [1, {'k': 2}], 'depth': 3}",
    },
  );
});

it('yacs', () => {
  check(
    `
from yacs.config import CfgNode as CN
_C = CN()
_C.MODEL = CN()
_C.MODEL.DIM = 64
_C.MODEL.NAME = 'x'
cfg = _C.clone()
cfg.merge_from_list(['MODEL.DIM', 128])
cfg.freeze()
`,
    { 'cfg.MODEL.DIM': '128', '_C.MODEL.DIM': '64', 'cfg.MODEL.NAME': "'x'", "'DIM' in cfg.MODEL": 'True' },
  );
});

it('ml_collections', () => {
  check(
    `
import ml_collections
c = ml_collections.ConfigDict({'hidden_size': 768})
c.transformer = ml_collections.ConfigDict()
c.transformer.num_heads = 12
`,
    {
      'c.hidden_size': '768',
      "c.transformer['num_heads']": '12',
      'c.to_dict()': "{'hidden_size': 768, 'transformer': {'num_heads': 12}}",
    },
  );
});

it('omegaconf', () => {
  check(
    `
from omegaconf import OmegaConf
c = OmegaConf.create({'m': {'d': 4}, 'l': [1, 2]})
d = OmegaConf.merge(c, {'m': {'e': 5}})
`,
    {
      'c.m.d': '4',
      'd.m.d + d.m.e': '9',
      'c.nope': 'None',
      'OmegaConf.to_container(c)': "{'m': {'d': 4}, 'l': [1, 2]}",
      'c.l[1]': '2',
    },
  );
});

it('attrs', () => {
  check(
    `
import attr, attrs
@attr.s(auto_attribs=True)
class A:
    x: int
    y: int = 2
    z: list = attr.Factory(list)
@attr.s
class B:
    a = attr.ib()
    b = attr.ib(default=3, converter=float)
@attrs.define
class C:
    p: int
    q: list = attrs.field(factory=list)
`,
    { 'A(1)': 'A(x=1, y=2, z=[])', 'B(1)': 'B(a=1, b=3.0)', 'C(4).q': '[]', 'A(1) == A(1)': 'True' },
  );
});

it('tqdm gives the items of what it wraps', () => {
  check(
    `
from tqdm import tqdm, trange
bar = tqdm([1, 2, 3], desc='x')
bar.set_postfix(loss=1)
out = [i for i in bar] + [i for i in trange(2)]
`,
    { out: '[1, 2, 3, 0, 1]', 'len(tqdm(range(4)))': '4' },
  );
});

it('modules of the outside world are there and give Unknown', () => {
  const s = new Session();
  s.run(
    'import yaml, requests, subprocess, pickle, threading, unittest\nwith open("c.yml") as f:\n    cfg = yaml.safe_load(f)\nlr = cfg["lr"]',
  );
  expect(s.value('lr')).toMatchObject({ typeName: 'unknown' });
  s.run('class T(unittest.TestCase):\n    def test_it(self):\n        self.assertEqual(1, 1)\nt = T(); t.test_it()');
  expect(s.repr('t.test_it()')).toBe('None');
});

it('importlib tells what is there', () => {
  const s = new Session();
  s.run('import importlib, importlib.util');
  expect(s.repr("importlib.util.find_spec('flash_attn') is None")).toBe('True');
  expect(s.repr("importlib.util.find_spec('math') is None")).toBe('False');
  expect(s.repr("importlib.import_module('math').pi")).toBe('3.141592653589793');
});

it('logging and warnings say nothing', () => {
  check(
    `
import logging, warnings
logger = logging.getLogger(__name__)
logger.setLevel(logging.DEBUG)
logger.addHandler(logging.StreamHandler())
logger.info('x %s', 1)
warnings.warn('careful')
with warnings.catch_warnings():
    warnings.simplefilter('ignore')
`,
    { 'logger.warning("x")': 'None', 'logger.name': "'__main__'", 'logging.ERROR': '40' },
  );
});

it('six and future', () => {
  check('from __future__ import annotations\nimport six\nfrom six.moves import xrange', {
    'list(xrange(2))': '[0, 1]',
    "isinstance('a', six.string_types)": 'True',
    "list(six.iteritems({'a': 1}))": "[('a', 1)]",
  });
});
