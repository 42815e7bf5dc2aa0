import { PyException, type Runtime } from '../../values/runtime.js';
import { ClassValue, List, type Value } from '../../values/index.js';
import { typed, type Option } from './argparse-options.js';

/** What a command line sets: values by option, and what no option took. */
export interface Parsed {
  readonly values: Map<Option, Value>;
  readonly rest: string[];
}

function fail(message: string, runtime: Runtime): never {
  return runtime.raise('SystemExit', message);
}

/** How many values an option takes: at least, and at most. */
function arity(option: Option): readonly [number, number] {
  const nargs = option.setting('nargs');
  if (typeof nargs === 'number') return [nargs, nargs];
  if (nargs === '?') return [0, 1];
  if (nargs === '*' || nargs === '...') return [0, Infinity];
  if (nargs === '+') return [1, Infinity];
  return [1, 1];
}

function convert(option: Option, texts: readonly string[], runtime: Runtime): Value {
  const convertOne = (text: string): Value => {
    let value: Value;
    try {
      value = typed(option, text, runtime);
    } catch (e) {
      if (e instanceof PyException && ['ValueError', 'TypeError', 'ArgumentTypeError'].includes(e.className)) {
        fail(`argument ${option.dest}: invalid value: '${text}'`, runtime);
      }
      throw e;
    }
    const choices = option.setting('choices');
    if (choices !== null && runtime.compare('in', value, choices) === false) {
      fail(`argument ${option.dest}: invalid choice: '${text}'`, runtime);
    }
    return value;
  };
  const nargs = option.setting('nargs');
  const [first] = texts;
  if (nargs === null || nargs === '?') {
    return first === undefined ? option.setting('const') : convertOne(first);
  }
  return new List(texts.map(convertOne));
}

/** The value that giving a flag has. */
function given(option: Option, texts: () => string[], before: Value | undefined, runtime: Runtime): Value {
  const action = option.action instanceof ClassValue ? option.action.name : option.action;
  const earlier = before ?? (option.value instanceof List ? option.value : null);
  const list = earlier instanceof List ? earlier.items : [];
  switch (action) {
    case 'store_true':
      return true;
    case 'store_false':
      return false;
    case 'store_const':
      return option.setting('const');
    case 'append':
      return new List([...list, convert(option, texts(), runtime)]);
    case 'append_const':
      return new List([...list, option.setting('const')]);
    case 'extend': {
      const more = convert(option, texts(), runtime);
      return new List([...list, ...(more instanceof List ? more.items : [more])]);
    }
    case 'count':
      return (typeof before === 'number' ? before : 0) + 1;
    default:
      return convert(option, texts(), runtime);
  }
}

/** Reads a command line, for the scripts that give one (`parse_args(['--lr', '0.1'])`). */
export function parseCommandLine(options: readonly Option[], tokens: readonly string[], runtime: Runtime): Parsed {
  const parsed: Parsed = { values: new Map(), rest: [] };
  const loose: string[] = [];
  let i = 0;
  const isFlag = (token: string) => /^-[^\d.]/.test(token);
  const take = (option: Option, inline: string | undefined): string[] => {
    if (inline !== undefined) return [inline];
    const [least, most] = arity(option);
    const texts: string[] = [];
    while (i < tokens.length && texts.length < most && !isFlag(tokens[i] ?? '')) texts.push(tokens[i++] ?? '');
    if (texts.length < least) fail(`argument ${option.dest}: expected ${least} argument(s)`, runtime);
    return texts;
  };
  while (i < tokens.length) {
    const token = tokens[i++] ?? '';
    if (token === '--') {
      loose.push(...tokens.slice(i));
      break;
    }
    const [name = '', inline] =
      token.startsWith('--') && token.includes('=')
        ? [token.slice(0, token.indexOf('=')), token.slice(token.indexOf('=') + 1)]
        : [token, undefined];
    const negated = options.find(
      (o) =>
        o.flags.includes(name.replace('--no-', '--')) &&
        o.action instanceof ClassValue &&
        o.action.name === 'BooleanOptionalAction',
    );
    const option = options.find((o) => o.flags.includes(name)) ?? abbreviated(options, name);
    if (negated) parsed.values.set(negated, !name.startsWith('--no-'));
    else if (option)
      parsed.values.set(
        option,
        given(option, () => take(option, inline), parsed.values.get(option), runtime),
      );
    else if (isFlag(token)) parsed.rest.push(token);
    else loose.push(token);
  }
  positionals(options, loose, parsed, runtime);
  return parsed;
}

/** A long flag may be cut short as long as it is unambiguous. */
function abbreviated(options: readonly Option[], name: string): Option | undefined {
  if (!name.startsWith('--') || name.length < 3) return undefined;
  const fitting = options.filter((o) => o.flags.some((f) => f.startsWith(name)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function positionals(options: readonly Option[], loose: string[], parsed: Parsed, runtime: Runtime): void {
  const waiting = options.filter((o) => o.isPositional);
  let at = 0;
  for (const [k, option] of waiting.entries()) {
    const [least, most] = arity(option);
    const reserved = waiting.slice(k + 1).reduce((n, o) => n + arity(o)[0], 0);
    const count = Math.min(most, Math.max(least, loose.length - at - reserved));
    const texts = loose.slice(at, at + count);
    at += texts.length;
    if (texts.length >= Math.max(least, 1)) parsed.values.set(option, convert(option, texts, runtime));
  }
  parsed.rest.push(...loose.slice(at));
}
