import type { ConstructorArgument } from '../model/index.js';
import type { Interpreter } from '../python/interpreter/index.js';
import {
  ClassValue,
  FunctionValue,
  List,
  Tuple,
  Unknown,
  type ModuleValue,
  type Value,
} from '../python/values/index.js';
import { unwrapped, type EntryCandidate } from './entries.js';

/** Longer literals are no help to anybody who is to write them down. */
const LONGEST_LITERAL = 80;

/**
 * What a candidate gives to the constructor of its class: values where they can be written down, reasons where there are
 * none. `undefined` where the entry says it all, or builds the model in another way.
 */
export function argumentsOf(
  it: Interpreter,
  module: ModuleValue,
  { className, from, site }: EntryCandidate,
): ConstructorArgument[] | undefined {
  if (from === 'directive' || from === 'instance' || from === 'factory') return undefined;
  const cls = module.names.get(className);
  const init =
    cls instanceof ClassValue && (site === undefined || site.target === cls)
      ? unwrapped(cls.find('__init__'))
      : undefined;
  if (!(init instanceof FunctionValue)) return undefined;
  const { positionalOnly, positional, keywordOnly } = init.args;
  const ordered = [...positionalOnly, ...positional].slice(1);
  return [...ordered, ...keywordOnly].flatMap(({ name }, i): ConstructorArgument[] => {
    const given = site?.arguments.positional[i] ?? site?.arguments.keywords.get(name);
    if (given === undefined)
      return init.defaults.has(name) ? [] : [{ name, reason: 'nothing in the workspace gives it' }];
    if (given instanceof Unknown) return [{ name, reason: given.reason }];
    const value = literal(it, given);
    return [value === undefined ? { name, reason: `it is a ${it.classOf(given).name} there` } : { name, value }];
  });
}

function literal(it: Interpreter, value: Value): string | undefined {
  const isPlain = (v: Value): boolean =>
    v === null ||
    typeof v === 'number' ||
    typeof v === 'string' ||
    typeof v === 'boolean' ||
    it.classOf(v).name === 'float' ||
    it.classOf(v).name === 'int' ||
    ((v instanceof List || v instanceof Tuple) && v.items.every(isPlain));
  if (value instanceof Unknown || !isPlain(value)) return undefined;
  const text = it.repr(value);
  return text.length > LONGEST_LITERAL ? undefined : text;
}
