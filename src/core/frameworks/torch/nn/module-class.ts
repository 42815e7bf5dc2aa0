import type { Interpreter } from '../../../python/interpreter/index.js';
import { setOnInstance } from '../../../python/interpreter/attributes.js';
import {
  ClassValue,
  Dict,
  Instance,
  Iterator,
  List,
  native,
  NativeFunction,
  Tuple,
  Unknown,
  type Runtime,
  type Value,
} from '../../../python/values/index.js';
import { Tensor } from '../tensor.js';
import { callModule } from './module-call.js';
import {
  isModule,
  join,
  namedChildren,
  namedModules,
  namedTensors,
  registry,
  uniqueTensors,
  type Registry,
} from './module-tree.js';
import { walkOver, walkThrough } from './walks.js';

type Table = Readonly<Record<string, NativeFunction>>;

/** A lazy-looking iterator over what is known at once: torch's generators. */
function iterate(items: Iterable<Value>): Iterator {
  const all = items[Symbol.iterator]();
  return new Iterator(() => {
    const s = all.next();
    return s.done === true ? undefined : s.value;
  }, 'generator');
}

function pair(name: string, v: Value): Tuple {
  return new Tuple([name, v]);
}

function text(v: Value): string {
  return typeof v === 'string' ? v : '';
}

// ---------------------------------------------------------------- construction and registration

function initialize(self: Instance): void {
  for (const name of ['_parameters', '_buffers', '_modules'] as const) self.names.set(name, new Dict());
  self.names.set('training', true);
  self.names.set('_forward_pre_hooks', new List([]));
  self.names.set('_forward_hooks', new List([]));
}

function registryOf(self: Instance, name: Registry, runtime: Runtime, what: string): Dict {
  return registry(self, name) ?? runtime.raise('AttributeError', `cannot assign ${what} before Module.__init__() call`);
}

/** Takes a name out of the other registries and the plain attributes, as torch does when it is registered anew. */
function forget(self: Instance, name: string, except: Registry): void {
  self.names.delete(name);
  for (const r of ['_parameters', '_buffers', '_modules'] as const) if (r !== except) registry(self, r)?.delete(name);
}

function setAttribute(self: Instance, name: string, value: Value, it: Interpreter): void {
  if (value instanceof Tensor && value.role === 'parameter') {
    const parameters = registryOf(self, '_parameters', it, 'parameters');
    forget(self, name, '_parameters');
    parameters.set(name, value);
    return;
  }
  if (isModule(value)) {
    const modules = registryOf(self, '_modules', it, 'module');
    forget(self, name, '_modules');
    modules.set(name, value);
    return;
  }
  for (const r of ['_parameters', '_modules', '_buffers'] as const) {
    const known = registry(self, r);
    if (!known?.has(name)) continue;
    if (value === null || (r === '_buffers' && value instanceof Tensor)) {
      if (value instanceof Tensor) value.role = value.role === 'plain' && value.value === null ? 'buffer' : value.role;
      known.set(name, value);
      return;
    }
    if (r === '_parameters' && value instanceof Tensor && value.role !== 'effective')
      it.raise(
        'TypeError',
        `cannot assign 'torch.Tensor' as parameter '${name}' (torch.nn.Parameter or None expected)`,
      );
    if (r === '_buffers') break;
    known.delete(name);
    break;
  }
  setOnInstance(it, self, name, value);
}

function getAttribute(self: Instance, name: string, runtime: Runtime): Value {
  for (const r of ['_parameters', '_buffers', '_modules'] as const) {
    const v = registry(self, r)?.get(name);
    if (v !== undefined) return v;
  }
  return runtime.raise('AttributeError', `'${self.cls.name}' object has no attribute '${name}'`);
}

function addModule(self: Instance, name: Value, module: Value, runtime: Runtime): Value {
  const modules = registryOf(self, '_modules', runtime, 'module');
  if (name instanceof Unknown) {
    runtime.note(`the name of this module is not known: ${name.reason}`);
    modules.set(`?${String(modules.size)}`, module);
    return null;
  }
  const key = typeof name === 'string' ? name : runtime.raise('TypeError', 'module name should be a string');
  if (key.includes('.')) runtime.raise('KeyError', `module name can't contain ".", got: ${key}`);
  if (key === '') runtime.raise('KeyError', 'module name can\'t be empty string ""');
  if (module instanceof Unknown) self.names.set(key, module);
  else if (module !== null && !isModule(module))
    runtime.raise('TypeError', `${runtime.classOf(module).name} is not a Module subclass`);
  else modules.set(key, module);
  return null;
}

const registration: Table = {
  __init__: native('__init__', 'self, *args, **kwargs', ({ self }) => {
    initialize(self as Instance);
    return null;
  }),
  __setattr__: new NativeFunction('__setattr__', (rt, [self, name, value]) => {
    setAttribute(self as Instance, name as string, value as Value, rt as Interpreter);
    return null;
  }),
  __getattr__: new NativeFunction('__getattr__', (rt, [self, name]) =>
    getAttribute(self as Instance, name as string, rt),
  ),
  __delattr__: native('__delattr__', 'self, name', ({ self, name }) => {
    const module = self as Instance;
    const key = text(name);
    for (const r of ['_parameters', '_buffers', '_modules'] as const)
      if (registry(module, r)?.delete(key) === true) return null;
    module.names.delete(key);
    return null;
  }),
  register_parameter: native('register_parameter', 'self, name, param', ({ self, name, param }, rt) => {
    const parameters = registryOf(self as Instance, '_parameters', rt, 'parameter');
    if (param instanceof Tensor && param.role === 'plain')
      rt.raise(
        'TypeError',
        `cannot assign 'torch.Tensor' object to parameter '${text(name)}' (torch.nn.Parameter or None required)`,
      );
    if (param === null || param instanceof Tensor) {
      forget(self as Instance, text(name), '_parameters');
      parameters.set(name, param);
    } else (self as Instance).names.set(text(name), param);
    return null;
  }),
  register_buffer: native('register_buffer', 'self, name, tensor, persistent=True', ({ self, name, tensor }, rt) => {
    const buffers = registryOf(self as Instance, '_buffers', rt, 'buffer');
    if (tensor instanceof Tensor) {
      if (tensor.role === 'plain') tensor.role = 'buffer';
      forget(self as Instance, text(name), '_buffers');
      buffers.set(name, tensor);
    } else if (tensor === null) buffers.set(name, null);
    else (self as Instance).names.set(text(name), tensor);
    return null;
  }),
  add_module: native('add_module', 'self, name, module', ({ self, name, module }, rt) =>
    addModule(self as Instance, name, module, rt),
  ),
  register_module: native('register_module', 'self, name, module', ({ self, name, module }, rt) =>
    addModule(self as Instance, name, module, rt),
  ),
};

// ---------------------------------------------------------------- walking the tree

function* descend(it: Runtime, module: Instance): Generator<Instance> {
  for (const [, child] of namedChildren(module)) {
    yield* descend(it, child);
  }
  yield module;
}

const walking: Table = {
  parameters: native('parameters', 'self, recurse=True', ({ self, recurse }, rt) =>
    iterate(uniqueTensors(self as Instance, '_parameters', '', rt.isTrue(recurse, true)).map((t) => t.tensor)),
  ),
  named_parameters: native(
    'named_parameters',
    "self, prefix='', recurse=True, remove_duplicate=True",
    ({ self, prefix, recurse, remove_duplicate }, rt) => {
      const all = rt.isTrue(remove_duplicate, true)
        ? uniqueTensors(self as Instance, '_parameters', text(prefix), rt.isTrue(recurse, true))
        : [...namedTensors(self as Instance, '_parameters', text(prefix), rt.isTrue(recurse, true))];
      return iterate(all.map((t) => pair(t.name, t.tensor)));
    },
  ),
  buffers: native('buffers', 'self, recurse=True', ({ self, recurse }, rt) =>
    iterate(uniqueTensors(self as Instance, '_buffers', '', rt.isTrue(recurse, true)).map((t) => t.tensor)),
  ),
  named_buffers: native(
    'named_buffers',
    "self, prefix='', recurse=True, remove_duplicate=True",
    ({ self, prefix, recurse }, rt) =>
      iterate(
        uniqueTensors(self as Instance, '_buffers', text(prefix), rt.isTrue(recurse, true)).map((t) =>
          pair(t.name, t.tensor),
        ),
      ),
  ),
  children: native('children', 'self', ({ self }) =>
    iterate(new Set(namedChildren(self as Instance).map(([, m]) => m))),
  ),
  named_children: native('named_children', 'self', ({ self }) => {
    const seen = new Set<Instance>();
    return iterate(
      namedChildren(self as Instance)
        .filter(([, m]) => !seen.has(m) && seen.add(m))
        .map(([n, m]) => pair(n, m)),
    );
  }),
  modules: native('modules', 'self', ({ self }, rt) =>
    walkOver(
      rt,
      [...namedModules(self as Instance)],
      ([, m]) => m,
      ([, m]) => m,
    ),
  ),
  named_modules: native(
    'named_modules',
    "self, memo=None, prefix='', remove_duplicate=True",
    ({ self, prefix, remove_duplicate }, rt) =>
      walkOver(
        rt,
        [...namedModules(self as Instance, text(prefix), new Set(), rt.isTrue(remove_duplicate, true))],
        ([, m]) => m,
        ([n, m]) => pair(n, m),
      ),
  ),
  apply: native('apply', 'self, fn', ({ self, fn }, rt) => {
    // Children first, then the module itself; a shared module is visited once for each of its places, as in torch.
    walkThrough(rt, descend(rt, self as Instance), (m) => rt.call(fn, [m]));
    return self;
  }),
  get_submodule: native('get_submodule', 'self, target', ({ self, target }, rt) =>
    text(target)
      .split('.')
      .reduce<Value>((m, name) => (name === '' ? m : rt.getAttr(m, name)), self),
  ),
  get_parameter: native('get_parameter', 'self, target', ({ self, target }, rt) =>
    text(target)
      .split('.')
      .reduce<Value>((m, name) => rt.getAttr(m, name), self),
  ),
  get_buffer: native('get_buffer', 'self, target', ({ self, target }, rt) =>
    text(target)
      .split('.')
      .reduce<Value>((m, name) => rt.getAttr(m, name), self),
  ),
  state_dict: native('state_dict', "self, *args, destination=None, prefix='', keep_vars=False", ({ self, prefix }) => {
    const out = new Dict('OrderedDict');
    for (const [path, owner] of namedModules(self as Instance, text(prefix).replace(/\.$/, ''), new Set(), false)) {
      for (const r of ['_parameters', '_buffers'] as const)
        for (const [k, t] of registry(owner, r)?.pairs() ?? [])
          if (t instanceof Tensor) out.set(join(path, String(k)), t);
    }
    return out;
  }),
};

function setTraining(self: Instance, mode: boolean): void {
  for (const [, m] of namedModules(self)) m.names.set('training', mode);
}

const returnsSelf = (name: string): NativeFunction => native(name, 'self, *args, **kwargs', ({ self }) => self);
const ignored = (name: string): NativeFunction => native(name, 'self, *args, **kwargs', () => null);

const modes: Table = {
  train: native('train', 'self, mode=True', ({ self, mode }, rt) => {
    // A subclass that overrides train() of a child is called for it, so that frozen BatchNorm stays frozen.
    const on = rt.isTrue(mode, true);
    (self as Instance).names.set('training', on);
    for (const [, child] of namedChildren(self as Instance)) rt.callMethod(child, 'train', [on]);
    return self;
  }),
  eval: native('eval', 'self', ({ self }) => {
    setTraining(self as Instance, false);
    return self;
  }),
  requires_grad_: native('requires_grad_', 'self, requires_grad=True', ({ self, requires_grad }, rt) => {
    for (const t of uniqueTensors(self as Instance, '_parameters'))
      t.tensor.requiresGrad = rt.isTrue(requires_grad, true);
    return self;
  }),
  load_state_dict: native(
    'load_state_dict',
    'self, state_dict, strict=True, assign=False',
    ({ self, state_dict, strict }, rt) => {
      if (state_dict instanceof Dict) copyState(self as Instance, state_dict);
      else {
        const isWhole = rt.isTrue(strict, true);
        for (const { tensor } of uniqueTensors(self as Instance, '_parameters')) tensor.storage?.load(rt.here, isWhole);
        rt.note('weights are loaded here from a file; the initialization shown is what they replace');
      }
      return new Tuple([new List([]), new List([])]);
    },
  ),
  ...Object.fromEntries(
    [
      'to',
      'cuda',
      'cpu',
      'float',
      'half',
      'double',
      'bfloat16',
      'type',
      'to_empty',
      'xpu',
      'ipu',
      'share_memory',
      '_apply',
    ].map((n) => [n, returnsSelf(n)]),
  ),
  ...Object.fromEntries(
    [
      'zero_grad',
      'compile',
      'set_extra_state',
      '_load_from_state_dict',
      '_register_load_state_dict_pre_hook',
      'register_load_state_dict_post_hook',
      'register_state_dict_pre_hook',
    ].map((n) => [n, ignored(n)]),
  ),
};

/** Copies the distributions of another model's state (target networks). */
function copyState(self: Instance, state: Dict): void {
  for (const { name, tensor } of namedTensors(self, '_parameters')) {
    const from = state.get(name);
    if (from instanceof Tensor && from.storage && tensor.storage)
      tensor.storage.set(from.storage.distribution, from.storage.setBy);
  }
}

/** A hook's handle: `remove()` takes it out again. */
function hookAdder(name: string, list: '_forward_pre_hooks' | '_forward_hooks'): NativeFunction {
  return native(name, 'self, hook, **kwargs', ({ self, hook, kwargs }, rt) => {
    const hooks = (self as Instance).names.get(list);
    const withKwargs = kwargs instanceof Dict && rt.isTrue(kwargs.get('with_kwargs') ?? false);
    if (hooks instanceof List && !withKwargs) hooks.change().push(hook);
    const handle = new Instance(rt.classOf(null).mro.at(-1)!);
    handle.names.set(
      'remove',
      new NativeFunction(
        'remove',
        () => {
          if (hooks instanceof List) hooks.items = hooks.change().filter((h) => h !== hook);
          return null;
        },
        true,
      ),
    );
    return handle;
  });
}

const calling: Table = {
  __call__: new NativeFunction('__call__', (rt, [self, ...args], kwargs) =>
    callModule(rt as Interpreter, self as Instance, args, kwargs),
  ),
  forward: native('forward', 'self, *args, **kwargs', ({ self }, rt) =>
    rt.raise(
      'NotImplementedError',
      `Module [${(self as Instance).cls.name}] is missing the required "forward" function`,
    ),
  ),
  register_forward_pre_hook: hookAdder('register_forward_pre_hook', '_forward_pre_hooks'),
  register_forward_hook: hookAdder('register_forward_hook', '_forward_hooks'),
  ...Object.fromEntries(
    ['register_backward_hook', 'register_full_backward_hook', 'register_full_backward_pre_hook'].map((n) => [
      n,
      ignored(n),
    ]),
  ),
  extra_repr: native('extra_repr', 'self', () => ''),
  _get_name: native('_get_name', 'self', ({ self }) => (self as Instance).cls.name),
  __repr__: native('__repr__', 'self', ({ self }) => `${(self as Instance).cls.name}(…)`),
  __dir__: native('__dir__', 'self', ({ self }) => new List([...(self as Instance).names.keys()])),
};

/** The class torch.nn.Module, fresh for one evaluation. */
export function createModuleClass(object: ClassValue): ClassValue {
  const cls = new ClassValue('Module', [object], object.mro, null, undefined);
  for (const table of [registration, walking, modes, calling])
    for (const [name, fn] of Object.entries(table)) cls.names.set(name, fn);
  cls.names.set('dump_patches', false);
  cls.names.set('__module__', 'torch.nn.modules.module');
  return cls;
}
