import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Dict,
  Instance,
  List,
  StaticMethod,
  ClassMethod,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated, submodules, unknowable } from '../support/modules.js';
import { dictOf } from '../support/receivers.js';
import { Quiet } from '../support/quiet.js';
import { copyOf, dictClass, pairsOf } from '../types/dict.js';
import { newInstance, objectClass } from '../types/object.js';
import { deepCopy } from './copy.js';

/** Configuration objects of many libraries: dicts whose entries are attributes as well, nested ones alike. */
interface Kind {
  readonly name: string;
  readonly module: string;
  /** An entry that isn't there: an empty nested one (`addict`), None (`omegaconf`), or an error. */
  readonly missing?: 'nested' | 'none';
  readonly methods?: readonly NativeFunction[];
}

/** Nested dicts become configuration objects of the same class; lists are gone through. */
function nest(value: Value, cls: ClassValue, runtime: Runtime): Value {
  if (value instanceof Dict) {
    const nested = newInstance(cls, runtime, new Dict());
    for (const [k, v] of value.pairs()) dictOf(nested, runtime).set(k, nest(v, cls, runtime));
    return nested;
  }
  if (value instanceof List) return new List(value.items.map((v) => nest(v, cls, runtime)));
  return value instanceof Tuple ? new Tuple(value.items.map((v) => nest(v, cls, runtime))) : value;
}

/** The opposite: plain dicts. */
export function plain(value: Value): Value {
  if (value instanceof Instance && value.payload instanceof Dict) return plain(value.payload);
  if (value instanceof Dict) return Dict.from(value.pairs().map(([k, v]) => [k, plain(v)]));
  if (value instanceof List) return new List(value.items.map(plain));
  return value instanceof Tuple ? new Tuple(value.items.map(plain)) : value;
}

/** Takes over entries, nested ones one by one. */
export function mergeInto(target: Value, source: Value, runtime: Runtime): void {
  const cls = runtime.classOf(target);
  const dict = dictOf(target, runtime);
  for (const [k, v] of pairsOf(source, runtime) ?? []) {
    const before = dict.get(k);
    const both =
      before instanceof Instance &&
      before.payload instanceof Dict &&
      (v instanceof Dict || (v instanceof Instance && v.payload instanceof Dict));
    if (both) mergeInto(before, v, runtime);
    else dict.set(k, nest(v, cls, runtime));
  }
}

function lookUp(self: Value, key: Value, kind: Kind, runtime: Runtime): Value | undefined {
  const found = dictOf(self, runtime).get(key);
  if (found !== undefined) return found;
  if (kind.missing === 'none') return null;
  if (kind.missing !== 'nested') return undefined;
  const fresh = newInstance(runtime.classOf(self), runtime, new Dict());
  dictOf(self, runtime).set(key, fresh);
  return fresh;
}

export function attributeDict(kind: Kind): ClassValue {
  const set = native('__setattr__', 'self, name, value', ({ self, name, value }, runtime) => {
    dictOf(self, runtime).set(name, nest(value, runtime.classOf(self), runtime));
    return null;
  });
  return builtinClass(
    kind.name,
    [dictClass],
    kind.module,
    [
      native('__init__', 'self, other=None, /, *rest, **named', ({ self, other, named }, runtime) => {
        if (other instanceof Unknown) runtime.note(`what this configuration holds is not known: ${other.reason}`);
        mergeInto(self, other, runtime);
        mergeInto(self, named, runtime);
        return null;
      }),
      native('__getattr__', 'self, name', ({ self, name }, runtime) => {
        if (typeof name === 'string' && name.startsWith('__')) return runtime.raise('AttributeError', name);
        return (
          lookUp(self, name, kind, runtime) ??
          (kind.missing === 'none' ? null : runtime.raise('AttributeError', String(name)))
        );
      }),
      set,
      native('__delattr__', 'self, name', ({ self, name }, runtime) => {
        dictOf(self, runtime).delete(name);
        return null;
      }),
      native(
        '__missing__',
        'self, key',
        ({ self, key }, runtime) =>
          lookUp(self, key, kind, runtime) ??
          (kind.missing === 'none' ? null : runtime.raise('KeyError', runtime.str(key))),
      ),
      native('__setitem__', 'self, key, value', ({ self, key, value }, runtime) =>
        runtime.call(set, [self, key, value]),
      ),
      native('update', 'self, other=None, /, **named', ({ self, other, named }, runtime) => {
        mergeInto(self, other, runtime);
        mergeInto(self, named, runtime);
        return null;
      }),
      native('copy', 'self', ({ self }, runtime) =>
        newInstance(runtime.classOf(self), runtime, copyOf(dictOf(self, runtime))),
      ),
      native('to_dict', 'self', ({ self }) => plain(self)),
      native('toDict', 'self', ({ self }) => plain(self)),
    ],
    kind.methods ?? [],
  );
}

const effect = (name: string) => native(name, 'self, *args, **kwargs', () => null);
const cloning = (name: string) =>
  native(name, 'self, *args', ({ self }, runtime) => deepCopy(self, new Dict(), runtime));

/** yacs. What is merged from a file can't be known. */
const cfgNode = attributeDict({
  name: 'CfgNode',
  module: 'yacs.config',
  methods: [
    ...['freeze', 'defrost', 'set_new_allowed', 'register_deprecated_key', 'register_renamed_key'].map(effect),
    cloning('clone'),
    native('is_frozen', 'self', () => false),
    native('dump', 'self, *args, **kwargs', () => ''),
    native('merge_from_other_cfg', 'self, other', ({ self, other }, runtime) => {
      mergeInto(self, other, runtime);
      return null;
    }),
    native('merge_from_file', 'self, path', (_args, runtime) => {
      runtime.note('what a configuration file changes is not known: the values in the code are taken');
      return null;
    }),
    native('merge_from_list', 'self, items', ({ self, items }, runtime) => {
      const all = items === null || items instanceof Unknown ? [] : runtime.toArray(items);
      for (let i = 0; i + 1 < all.length; i += 2) {
        const path = String(all[i]).split('.');
        const last = path.pop() ?? '';
        const owner = path.reduce((node: Value, part) => runtime.getAttr(node, part), self);
        runtime.setAttr(owner, last, all[i + 1] ?? null);
      }
      return null;
    }),
  ],
});

const configDict = attributeDict({
  name: 'ConfigDict',
  module: 'ml_collections',
  methods: [
    ...['lock', 'unlock', 'freeze', 'unfreeze'].map(effect),
    native('unlocked', 'self', ({ self }) => new Quiet('unlocked', { __enter__: native('__enter__', '', () => self) })),
    cloning('copy_and_resolve_references'),
    native('get_ref', 'self, name', ({ self, name }, runtime) => runtime.getAttr(self, String(name))),
  ],
});

const dictConfig = attributeDict({ name: 'DictConfig', module: 'omegaconf', missing: 'none' });

const create = (value: Value, runtime: Runtime): Value =>
  value instanceof Unknown ? value : nest(plain(value), dictConfig, runtime);

const omegaConf = builtinClass('OmegaConf', [objectClass], 'omegaconf', {
  create: new StaticMethod(
    native('create', 'obj=None, *rest, **kwargs', ({ obj }, runtime) => create(obj ?? new Dict(), runtime)),
  ),
  structured: new StaticMethod(native('structured', 'obj, **kwargs', ({ obj }) => obj)),
  load: new StaticMethod(unknowable('load', 'what is in a configuration file is not known')),
  from_cli: new StaticMethod(native('from_cli', '*args', (_args, runtime) => create(new Dict(), runtime))),
  to_container: new StaticMethod(native('to_container', 'cfg, *rest, **kwargs', ({ cfg }) => plain(cfg))),
  to_yaml: new StaticMethod(unknowable('to_yaml', 'YAML is not written here')),
  is_config: new StaticMethod(
    native('is_config', 'obj', ({ obj }) => obj instanceof Instance && obj.cls === dictConfig),
  ),
  set_struct: new StaticMethod(native('set_struct', '*args', () => null)),
  set_readonly: new StaticMethod(native('set_readonly', '*args', () => null)),
  register_new_resolver: new StaticMethod(native('register_new_resolver', '*args, **kwargs', () => null)),
  resolve: new StaticMethod(native('resolve', '*args', () => null)),
  merge: new StaticMethod(
    native('merge', '*configs', ({ configs }, runtime) => {
      const result = create(new Dict(), runtime);
      for (const c of configs instanceof Tuple ? configs.items : []) mergeInto(result, plain(c), runtime);
      return result;
    }),
  ),
});

const munchify = (cls: ClassValue) => native('munchify', 'x', ({ x }, runtime) => nest(x, cls, runtime));
const munch = attributeDict({ name: 'Munch', module: 'munch' });
const simple = (name: string, module: string, missing?: 'nested') =>
  moduleOf(
    module,
    () => [{ [name]: attributeDict({ name, module, ...(missing ? { missing } : {}) }) }],
    notEvaluated(module),
  );

munch.names.set(
  'fromDict',
  new ClassMethod(native('fromDict', 'cls, d', ({ cls, d }, runtime) => runtime.call(cls, [d]))),
);

const yacsNames = { CfgNode: cfgNode, CN: cfgNode };
const mlNames = { ConfigDict: configDict, FrozenConfigDict: configDict };

export const configModules = {
  easydict: simple('EasyDict', 'easydict'),
  addict: simple('Dict', 'addict', 'nested'),
  attrdict: simple('AttrDict', 'attrdict'),
  box: simple('Box', 'box'),
  munch: moduleOf(
    'munch',
    () => [{ Munch: munch, DefaultMunch: munch, munchify: munchify(munch) }],
    notEvaluated('munch'),
  ),
  yacs: moduleOf('yacs', () => [], submodules('yacs', ['config'])),
  'yacs.config': moduleOf('yacs.config', () => [yacsNames], notEvaluated('yacs.config')),
  'fvcore.common.config': moduleOf('fvcore.common.config', () => [yacsNames], notEvaluated('fvcore.common.config')),
  ml_collections: moduleOf(
    'ml_collections',
    () => [mlNames],
    submodules('ml_collections', ['config_dict'], notEvaluated('ml_collections')),
  ),
  'ml_collections.config_dict': moduleOf(
    'ml_collections.config_dict',
    () => [mlNames],
    notEvaluated('ml_collections.config_dict'),
  ),
  omegaconf: moduleOf(
    'omegaconf',
    () => [
      {
        OmegaConf: omegaConf,
        DictConfig: dictConfig,
        MISSING: '???',
        open_dict: native('open_dict', 'cfg', ({ cfg }) => new Quiet('open_dict', { cfg })),
      },
    ],
    notEvaluated('omegaconf'),
  ),
} as const;
