import type { Runtime } from '../../values/runtime.js';
import type { Dict } from '../../values/index.js';
import { List, NativeObject, Singleton, Unknown, type Value } from '../../values/index.js';

export const SUPPRESS = '==SUPPRESS==';
/** What stands for "no default was given", which is not None where `argument_default` is set. */
export const NOT_GIVEN = new Singleton('_NotGiven', '<not given>');

/** One `add_argument`. Python code may look at it and change its default. */
export class Option extends NativeObject {
  readonly typeName = '_StoreAction';
  constructor(
    readonly flags: readonly string[],
    readonly dest: string,
    readonly action: Value,
    public value: Value,
    readonly settings: Dict,
  ) {
    super();
  }

  get isPositional(): boolean {
    return this.flags.length === 0;
  }
  setting(name: string): Value {
    return this.settings.get(name) ?? null;
  }
  override getAttribute(name: string): Value | undefined {
    if (name === 'dest') return this.dest;
    if (name === 'default') return this.value === NOT_GIVEN ? null : this.value;
    if (name === 'option_strings') return new List([...this.flags]);
    return ['type', 'nargs', 'choices', 'required', 'help', 'const', 'metavar'].includes(name)
      ? this.setting(name)
      : undefined;
  }
  override setAttribute(name: string, value: Value): boolean {
    if (name === 'default') this.value = value;
    else this.settings.set(name, value);
    return true;
  }
}

/** Name of the attribute: the first long flag, or the first short one, or the positional's own name. */
function destOf(names: readonly string[], given: Value): string {
  if (typeof given === 'string') return given;
  const flag = names.find((n) => n.startsWith('--')) ?? names[0] ?? '';
  return flag.replace(/^-+/, '').replaceAll('-', names[0]?.startsWith('-') === true ? '_' : '-');
}

/** Actions that take no value, and what they stand at without being given. */
const FLAG_DEFAULTS: Readonly<Record<string, Value>> = { store_true: false, store_false: true };
const NO_OPTION = new Set(['help', 'version']);

/** The option that `add_argument(*names, **settings)` describes; `undefined` for those that set nothing. */
export function makeOption(names: readonly string[], settings: Dict, runtime: Runtime): Option | undefined {
  const action = settings.get('action') ?? 'store';
  if (typeof action === 'string' && NO_OPTION.has(action)) return undefined;
  if (names.length === 0 && settings.get('dest') === undefined) runtime.raise('ValueError', 'an argument needs a name');
  const flags = names.filter((n) => n.startsWith('-'));
  const standard = typeof action === 'string' ? FLAG_DEFAULTS[action] : undefined;
  const given = settings.has('default') ? (settings.get('default') ?? null) : (standard ?? NOT_GIVEN);
  return new Option(flags, destOf(names, settings.get('dest') ?? null), action, given, settings);
}

/** The value of an option that isn't on the command line. */
export function standardValue(option: Option, inherited: Value, runtime: Runtime): Value {
  const value = option.value === NOT_GIVEN ? inherited : option.value;
  const nargs = option.setting('nargs');
  const needed = option.isPositional ? nargs !== '?' && nargs !== '*' : option.setting('required') === true;
  if (needed && (value === NOT_GIVEN || value === null)) {
    const name = option.isPositional ? option.dest : (option.flags.at(-1) ?? option.dest);
    return runtime.unknown(`${name} is given on the command line`, `args.${option.dest}`);
  }
  if (value === NOT_GIVEN) return option.isPositional && nargs === '*' ? new List([]) : null;
  // Only text goes through the type, as argparse does it.
  return typeof value === 'string' && value !== SUPPRESS ? typed(option, value, runtime) : value;
}

export function typed(option: Option, text: Value, runtime: Runtime): Value {
  const type = option.setting('type');
  if (type === null || typeof text !== 'string') return text;
  return type instanceof Unknown ? type.as(`args.${option.dest}`) : runtime.call(type, [text]);
}
