import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import {
  Dict,
  Instance,
  List,
  Tuple,
  Unknown,
  type ClassValue,
  type NativeFunction,
  type Value,
} from '../../values/index.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { moduleOf } from '../support/modules.js';
import { exceptionClass } from '../types/exceptions.js';
import { newInstance, objectClass } from '../types/object.js';
import { NOT_GIVEN, Option, SUPPRESS, makeOption, standardValue } from './argparse-options.js';
import { parseCommandLine, type Parsed } from './argparse-parse.js';

export const namespaceClass: ClassValue = builtinClass('Namespace', [objectClass], 'argparse', [
  native('__init__', 'self, /, **kwargs', ({ self, kwargs }, runtime) => {
    for (const [k, v] of keywords(kwargs)) runtime.setAttr(self, k, v);
    return null;
  }),
  native('__repr__', 'self', ({ self }, runtime) => {
    const names = self instanceof Instance ? [...self.names.entries()] : [];
    return `${runtime.classOf(self).name}(${names.map(([k, v]) => `${k}=${runtime.repr(v)}`).join(', ')})`;
  }),
  native(
    '__contains__',
    'self, key',
    ({ self, key }) => self instanceof Instance && typeof key === 'string' && self.names.has(key),
  ),
  native('__eq__', 'self, other', ({ self, other }, runtime) => {
    if (!(self instanceof Instance && other instanceof Instance)) return false;
    return runtime.compare('==', Dict.from(self.names.entries()), Dict.from(other.names.entries()));
  }),
]);

/** A list or dict that the parser keeps among its attributes. */
function listIn(self: Value, name: string): List {
  if (!(self instanceof Instance)) return new List([]);
  const kept = self.names.get(name);
  if (kept instanceof List) return kept;
  const fresh = new List([]);
  self.names.set(name, fresh);
  return fresh;
}
function dictIn(self: Value, name: string): Dict {
  if (!(self instanceof Instance)) return new Dict();
  const kept = self.names.get(name);
  if (kept instanceof Dict) return kept;
  const fresh = new Dict();
  self.names.set(name, fresh);
  return fresh;
}

const optionsOf = (self: Value): Option[] => listIn(self, '_actions').items.filter((o) => o instanceof Option);
const subparsersOf = (self: Value): Instance[] =>
  listIn(self, '_subparsers').items.filter((s) => s instanceof Instance);

/** Values for a namespace: those on the command line, then those that stand without it. */
function collectValues(self: Value, parsed: Parsed, into: Instance, runtime: Runtime): void {
  const inherited = self instanceof Instance ? (self.names.get('argument_default') ?? NOT_GIVEN) : NOT_GIVEN;
  const set = (name: string, value: Value): void => {
    if (value !== SUPPRESS) runtime.setAttr(into, name, value);
  };
  for (const option of optionsOf(self)) {
    const value = parsed.values.get(option);
    if (value !== undefined) set(option.dest, value);
    else if (!into.names.has(option.dest)) set(option.dest, standardValue(option, inherited, runtime));
  }
  for (const [k, v] of dictIn(self, '_defaults').pairs()) if (!into.names.has(String(k))) set(String(k), v);
  for (const sub of subparsersOf(self)) {
    const dest = sub.names.get('dest');
    if (typeof dest === 'string' && !into.names.has(dest))
      set(dest, runtime.unknown('the subcommand is given on the command line', `args.${dest}`));
    // One of the subcommands will be chosen: their options are there with their defaults.
    for (const parser of listIn(sub, 'parsers').items)
      collectValues(parser, { values: new Map(), rest: [] }, into, runtime);
  }
}

function parse(self: Value, args: Value, namespace: Value, runtime: Runtime): { result: Instance; rest: string[] } {
  const result = namespace instanceof Instance ? namespace : newInstance(namespaceClass, runtime);
  const tokens =
    args === null || args instanceof Unknown ? [] : runtime.toArray(args).filter((t) => typeof t === 'string');
  const parsed = parseCommandLine(optionsOf(self), tokens, runtime);
  collectValues(self, parsed, result, runtime);
  return { result, rest: parsed.rest };
}

const ADDING: readonly NativeFunction[] = [
  native('add_argument', 'self, *names, **settings', ({ self, names, settings }, runtime) => {
    const option = makeOption(rest(names).map(String), settings instanceof Dict ? settings : new Dict(), runtime);
    if (!option) return null;
    const preset = dictIn(self, '_defaults').get(option.dest);
    if (preset !== undefined) option.value = preset;
    listIn(self, '_actions').change().push(option);
    return option;
  }),
  // Groups only arrange the help text: what is added to them is the parser's.
  native('add_argument_group', 'self, *args, **kwargs', ({ self }) => self),
  native('add_mutually_exclusive_group', 'self, *args, **kwargs', ({ self }) => self),
  native('set_defaults', 'self, /, **values', ({ self, values }) => {
    for (const [name, value] of keywords(values)) {
      dictIn(self, '_defaults').set(name, value);
      for (const option of optionsOf(self)) if (option.dest === name) option.value = value;
    }
    return null;
  }),
  native('get_default', 'self, dest', ({ self, dest }) => {
    const option = optionsOf(self).find((o) => o.dest === dest);
    if (option && option.value !== NOT_GIVEN) return option.value;
    return dictIn(self, '_defaults').get(dest) ?? null;
  }),
];

const subparsersClass: ClassValue = builtinClass('_SubParsersAction', [objectClass], 'argparse', [
  native('add_parser', 'self, name, **kwargs', ({ self, kwargs }, runtime) => {
    const parser = runtime.call(parserClass, [], keywords(kwargs));
    listIn(self, 'parsers').change().push(parser);
    return parser;
  }),
]);

const QUIET = ['print_help', 'print_usage', 'register', '_get_formatter'];

export const parserClass: ClassValue = builtinClass('ArgumentParser', [objectClass], 'argparse', ADDING, [
  native('__init__', 'self, *args, **kwargs', ({ self, kwargs }, runtime) => {
    if (!(self instanceof Instance)) return null;
    const named = keywords(kwargs);
    for (const name of ['prog', 'description', 'epilog', 'usage']) self.names.set(name, named.get(name) ?? null);
    const standard = named.get('argument_default');
    if (standard !== undefined && standard !== null) self.names.set('argument_default', standard);
    const parents = named.get('parents');
    for (const parent of parents === undefined ? [] : runtime.toArray(parents)) {
      listIn(self, '_actions')
        .change()
        .push(...optionsOf(parent));
      for (const [k, v] of dictIn(parent, '_defaults').pairs()) dictIn(self, '_defaults').set(k, v);
    }
    return null;
  }),
  native('add_subparsers', 'self, **kwargs', ({ self, kwargs }, runtime) => {
    const sub = newInstance(subparsersClass, runtime);
    sub.names.set('dest', keywords(kwargs).get('dest') ?? null);
    listIn(self, '_subparsers').change().push(sub);
    return sub;
  }),
  native('parse_args', 'self, args=None, namespace=None', ({ self, args, namespace }, runtime) => {
    const { result, rest: left } = parse(self, args, namespace, runtime);
    if (left.length > 0) runtime.raise('SystemExit', `unrecognized arguments: ${left.join(' ')}`);
    return result;
  }),
  native('parse_known_args', 'self, args=None, namespace=None', ({ self, args, namespace }, runtime) => {
    const { result, rest: left } = parse(self, args, namespace, runtime);
    return new Tuple([result, new List(left)]);
  }),
  native('error', 'self, message', ({ message }, runtime) => runtime.raise('SystemExit', String(message))),
  native('exit', 'self, status=0, message=None', ({ message }, runtime) =>
    runtime.raise('SystemExit', String(message)),
  ),
  native('format_help', 'self', () => ''),
  native('format_usage', 'self', () => ''),
  ...QUIET.map((name) => native(name, 'self, *args, **kwargs', () => null)),
]);

const FORMATTERS = [
  'HelpFormatter',
  'RawDescriptionHelpFormatter',
  'RawTextHelpFormatter',
  'ArgumentDefaultsHelpFormatter',
  'MetavarTypeHelpFormatter',
];

export const argparse = moduleOf('argparse', () => [
  {
    ArgumentParser: parserClass,
    Namespace: namespaceClass,
    Action: builtinClass('Action', [objectClass], 'argparse'),
    BooleanOptionalAction: builtinClass('BooleanOptionalAction', [objectClass], 'argparse'),
    ArgumentTypeError: builtinClass('ArgumentTypeError', [exceptionClass('Exception')], 'argparse'),
    ArgumentError: builtinClass('ArgumentError', [exceptionClass('Exception')], 'argparse'),
    FileType: native('FileType', '*args, **kwargs', (_args, runtime) =>
      runtime.unknown('a file given on the command line', 'file'),
    ),
    SUPPRESS,
    REMAINDER: '...',
    PARSER: 'A...',
    OPTIONAL: '?',
    ZERO_OR_MORE: '*',
    ONE_OR_MORE: '+',
    ...Object.fromEntries(FORMATTERS.map((name) => [name, builtinClass(name, [objectClass], 'argparse')])),
  },
]);
