import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import { Dict, Instance, Property, Tuple, type ClassValue, type Value } from '../../values/index.js';
import { reprOf, strOf } from '../format/repr.js';
import { builtinClass } from '../support/classes.js';
import { asClass, constructor, newInstance, objectClass } from './object.js';

function argsOf(self: Value): readonly Value[] {
  const args = self instanceof Instance ? self.names.get('args') : undefined;
  return args instanceof Tuple ? args.items : [];
}

function messageOf(self: Value, runtime: Runtime): string {
  const args = argsOf(self);
  if (args.length === 0) return '';
  return args.length === 1 ? strOf(args[0] ?? null, runtime) : reprOf(new Tuple(args), runtime);
}

export const baseExceptionClass: ClassValue = builtinClass(
  'BaseException',
  [objectClass],
  'builtins',
  [
    constructor('cls, /, *args, **kwargs', ({ cls, args, kwargs }, runtime) => {
      const exception = newInstance(asClass(cls, runtime), runtime);
      exception.names.set('args', args);
      // `ImportError(name=…)` and the like keep what they are given by name.
      if (kwargs instanceof Dict)
        for (const [k, v] of kwargs.pairs()) if (typeof k === 'string') exception.names.set(k, v);
      return exception;
    }),
    native('__init__', 'self, /, *args, **kwargs', ({ self, args }) => {
      if (self instanceof Instance) self.names.set('args', args);
      return null;
    }),
    native('__str__', 'self', ({ self }, runtime) => messageOf(self, runtime)),
    native('__repr__', 'self', ({ self }, runtime) => {
      const name = self instanceof Instance ? self.cls.name : 'BaseException';
      return `${name}(${argsOf(self)
        .map((a) => reprOf(a, runtime))
        .join(', ')})`;
    }),
    native('with_traceback', 'self, traceback', ({ self }) => self),
    native('add_note', 'self, note', () => null),
  ],
  {
    __cause__: null,
    __context__: null,
    __traceback__: null,
    __suppress_context__: false,
  },
);

/** Names of exceptions under the name of the class that they extend. */
const TREE: Readonly<Record<string, string>> = {
  BaseException: 'SystemExit KeyboardInterrupt GeneratorExit Exception BaseExceptionGroup',
  Exception:
    'StopIteration StopAsyncIteration ArithmeticError AssertionError AttributeError BufferError EOFError ImportError LookupError MemoryError NameError OSError ReferenceError RuntimeError SyntaxError SystemError TypeError ValueError Warning ExceptionGroup',
  ArithmeticError: 'FloatingPointError OverflowError ZeroDivisionError',
  ImportError: 'ModuleNotFoundError',
  LookupError: 'IndexError KeyError',
  NameError: 'UnboundLocalError',
  OSError:
    'BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError TimeoutError',
  ConnectionError: 'BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError',
  RuntimeError: 'NotImplementedError RecursionError',
  SyntaxError: 'IndentationError',
  IndentationError: 'TabError',
  ValueError: 'UnicodeError',
  UnicodeError: 'UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError',
  Warning:
    'DeprecationWarning PendingDeprecationWarning RuntimeWarning SyntaxWarning UserWarning FutureWarning ImportWarning UnicodeWarning BytesWarning ResourceWarning EncodingWarning',
};

function build(): Record<string, ClassValue> {
  const classes: Record<string, ClassValue> = { BaseException: baseExceptionClass };
  for (const [parent, names] of Object.entries(TREE)) {
    const base = classes[parent];
    if (!base) throw new Error(`${parent} stands before its base`);
    for (const name of names.split(' ')) classes[name] = builtinClass(name, [base], 'builtins');
  }
  return classes;
}

/** Every built-in exception, by name. */
export const exceptionClasses: Readonly<Record<string, ClassValue>> = build();

export function exceptionClass(name: string): ClassValue {
  return exceptionClasses[name] ?? baseExceptionClass;
}

/** An attribute that shows one of the exception's arguments. */
function argument(name: string, cls: string, index: number): void {
  const read = native(name, 'self', ({ self }) => argsOf(self)[index] ?? null);
  exceptionClass(cls).names.set(name, new Property(read));
}
argument('value', 'StopIteration', 0);
argument('code', 'SystemExit', 0);
argument('errno', 'OSError', 0);
argument('strerror', 'OSError', 1);
argument('filename', 'OSError', 2);
argument('msg', 'ImportError', 0);

exceptionClass('KeyError').names.set(
  '__str__',
  native('__str__', 'self', ({ self }, runtime) => {
    const args = argsOf(self);
    return args.length === 1 ? reprOf(args[0] ?? null, runtime) : messageOf(self, runtime);
  }),
);
