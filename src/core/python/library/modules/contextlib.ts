import { native } from '../../values/native.js';
import { PyException, type Runtime } from '../../values/runtime.js';
import { Instance, Iterator, List, NativeFunction, type ClassValue, type Value } from '../../values/index.js';
import { isSubclass } from '../builtins/reflection.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf, notEvaluated } from '../support/modules.js';
import { slot } from '../support/quiet.js';
import { newInstance, objectClass } from '../types/object.js';

/** What a function decorated with `contextmanager` returns: the generator runs to its `yield`, then to its end. */
const generatorManager: ClassValue = builtinClass('_GeneratorContextManager', [objectClass], 'contextlib', [
  native('__enter__', 'self', ({ self }, runtime) => {
    const generator = slot(self, 'gen');
    return generator instanceof Iterator ? (generator.next() ?? null) : runtime.callMethod(generator, '__next__');
  }),
  native('__exit__', 'self, *args', ({ self, args }) => {
    const generator = slot(self, 'gen');
    // An exception would enter the generator at its yield; what follows there is left out then.
    const raised = rest(args)[0] ?? null;
    if (generator instanceof Iterator && raised === null) generator.next();
    return false;
  }),
  native('__call__', 'self, function', ({ self, function: f }) =>
    native('wrapper', '*args, **kwargs', ({ args, kwargs }, runtime) => {
      // As a decorator it wraps every call anew.
      const manager = runtime.call(slot(self, 'make'), []);
      runtime.callMethod(manager, '__enter__');
      const result = runtime.call(f, [...rest(args)], keywords(kwargs));
      runtime.callMethod(manager, '__exit__', [null, null, null]);
      return result;
    }),
  ),
]);

function contextManager(f: Value): Value {
  return new NativeFunction('contextmanager', (runtime, args, kwargs) => {
    const manager = newInstance(generatorManager, runtime);
    manager.names.set('gen', runtime.call(f, args, kwargs));
    manager.names.set(
      'make',
      native('make', '', (_none, rt) => rt.call(contextManager(f), args, kwargs)),
    );
    return manager;
  });
}

const nullContext = builtinClass('nullcontext', [objectClass], 'contextlib', [
  native('__init__', 'self, enter_result=None', ({ self, enter_result: result }) => {
    if (self instanceof Instance) self.names.set('enter_result', result);
    return null;
  }),
  native('__enter__', 'self', ({ self }) => slot(self, 'enter_result')),
  native('__exit__', 'self, *args', () => null),
]);

const suppress = builtinClass('suppress', [objectClass], 'contextlib', [
  native('__init__', 'self, *exceptions', ({ self, exceptions }) => {
    if (self instanceof Instance) self.names.set('exceptions', exceptions);
    return null;
  }),
  native('__enter__', 'self', () => null),
  native(
    '__exit__',
    'self, kind=None, value=None, traceback=None',
    ({ self, kind }, runtime) => kind !== null && isSubclass(kind, slot(self, 'exceptions'), runtime) === true,
  ),
]);

/** Managers that were entered and functions to be called, undone last first. */
const exitStack: ClassValue = builtinClass('ExitStack', [objectClass], 'contextlib', [
  native('__init__', 'self', ({ self }) => {
    if (self instanceof Instance) self.names.set('exits', new List([]));
    return null;
  }),
  native('__enter__', 'self', ({ self }) => self),
  native('__exit__', 'self, *args', ({ self }, runtime) => {
    unwind(self, runtime);
    return null;
  }),
  native('close', 'self', ({ self }, runtime) => {
    unwind(self, runtime);
    return null;
  }),
  native('enter_context', 'self, manager', ({ self, manager }, runtime) => {
    const result = runtime.callMethod(manager, '__enter__');
    push(
      self,
      native('exit', '', (_none, rt) => rt.callMethod(manager, '__exit__', [null, null, null])),
    );
    return result;
  }),
  native('push', 'self, exit', ({ self, exit }) => {
    push(
      self,
      native('exit', '', (_none, rt) => rt.callMethod(exit, '__exit__', [null, null, null])),
    );
    return exit;
  }),
  native('callback', 'self, function, *args, **kwargs', ({ self, function: f, args, kwargs }) => {
    push(
      self,
      native('callback', '', (_none, rt) => rt.call(f, [...rest(args)], keywords(kwargs))),
    );
    return f;
  }),
]);

function push(self: Value, exit: Value): void {
  const exits = slot(self, 'exits');
  if (exits instanceof List) exits.change().push(exit);
}

function unwind(self: Value, runtime: Runtime): void {
  const exits = slot(self, 'exits');
  if (!(exits instanceof List)) return;
  for (let f = exits.change().pop(); f !== undefined; f = exits.change().pop()) runtime.call(f, []);
}

/** Managers whose only effect is outside the program. */
const redirect = (name: string) =>
  builtinClass(name, [objectClass], 'contextlib', [
    native('__init__', 'self, target=None', ({ self, target }) => {
      if (self instanceof Instance) self.names.set('target', target);
      return null;
    }),
    native('__enter__', 'self', ({ self }) => slot(self, 'target')),
    native('__exit__', 'self, *args', () => null),
  ]);

/** A base class that makes a manager usable as a decorator. */
const decorator = builtinClass('ContextDecorator', [objectClass], 'contextlib', [
  native('__call__', 'self, function', ({ self, function: f }) =>
    native('wrapper', '*args, **kwargs', ({ args, kwargs }, runtime) => {
      runtime.callMethod(self, '__enter__');
      const result = runtime.call(f, [...rest(args)], keywords(kwargs));
      runtime.callMethod(self, '__exit__', [null, null, null]);
      return result;
    }),
  ),
]);

const abstractManager = builtinClass('AbstractContextManager', [objectClass], 'contextlib', [
  native('__enter__', 'self', ({ self }) => self),
  native('__exit__', 'self, *args', () => null),
]);

const closing = builtinClass('closing', [objectClass], 'contextlib', [
  native('__init__', 'self, thing', ({ self, thing }) => {
    if (self instanceof Instance) self.names.set('thing', thing);
    return null;
  }),
  native('__enter__', 'self', ({ self }) => slot(self, 'thing')),
  native('__exit__', 'self, *args', ({ self }, runtime) => {
    try {
      runtime.callMethod(slot(self, 'thing'), 'close');
    } catch (e) {
      if (!(e instanceof PyException)) throw e;
    }
    return null;
  }),
]);

export const contextlib = moduleOf(
  'contextlib',
  () => [
    {
      contextmanager: native('contextmanager', 'function', ({ function: f }) => contextManager(f)),
      nullcontext: nullContext,
      suppress,
      ExitStack: exitStack,
      redirect_stdout: redirect('redirect_stdout'),
      redirect_stderr: redirect('redirect_stderr'),
      ContextDecorator: decorator,
      AbstractContextManager: abstractManager,
      closing,
    },
  ],
  notEvaluated('contextlib'),
);
