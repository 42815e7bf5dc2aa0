import type { Runtime } from './runtime.js';
import { NativeFunction } from './callables.js';
import { Dict, Tuple } from './containers.js';
import { Float, type Value } from './values.js';

type Clean<S extends string> = S extends ` ${infer R}`
  ? Clean<R>
  : S extends `*${infer R}`
    ? Clean<R>
    : S extends `${infer R} `
      ? Clean<R>
      : S;
type NameOf<S extends string> = S extends `${infer N}=${string}` ? Clean<N> : Clean<S>;
type NamesIn<S extends string> = S extends `${infer A},${infer R}`
  ? Exclude<NameOf<A>, '' | '/'> | NamesIn<R>
  : Exclude<NameOf<S>, '' | '/'>;
/** The parameters that a signature such as `"input, p=0.5, *rest, inplace=False, **kw"` names. */
export type Bound<S extends string> = Readonly<Record<NamesIn<S>, Value>>;

interface ParsedParameter {
  readonly name: string;
  readonly kind: 'positional' | 'varargs' | 'keyword' | 'kwargs';
  /** `undefined`: required. */
  readonly default: Value | undefined;
}

/**
 * Makes a function of TypeScript callable from Python, with Python's own binding of arguments.
 * `signature` is written as in Python (`/` and a bare `*` included); defaults are literals without commas.
 * `*rest` arrives as a Tuple, `**kw` as a Dict.
 */
export function native<S extends string>(
  name: string,
  signature: S,
  body: (args: Bound<S>, runtime: Runtime) => Value,
  options?: { readonly isStatic?: boolean },
): NativeFunction {
  let parsed: ParsedParameter[] | undefined;
  return new NativeFunction(
    name,
    (runtime, args, kwargs) =>
      body(bind(name, (parsed ??= parseSignature(signature)), args, kwargs, runtime) as Bound<S>, runtime),
    options?.isStatic,
  );
}

function parseSignature(signature: string): ParsedParameter[] {
  const out: ParsedParameter[] = [];
  let keywordOnly = false;
  for (const raw of signature.split(',')) {
    const text = raw.trim();
    if (text === '' || text === '/') continue;
    if (text === '*') keywordOnly = true;
    else if (text.startsWith('**')) out.push({ name: text.slice(2), kind: 'kwargs', default: undefined });
    else if (text.startsWith('*')) {
      out.push({ name: text.slice(1), kind: 'varargs', default: undefined });
      keywordOnly = true;
    } else {
      const eq = text.indexOf('=');
      const name = eq < 0 ? text : text.slice(0, eq).trim();
      out.push({
        name,
        kind: keywordOnly ? 'keyword' : 'positional',
        default: eq < 0 ? undefined : literal(text.slice(eq + 1).trim()),
      });
    }
  }
  return out;
}

function literal(text: string): Value {
  if (text === 'None') return null;
  if (text === 'True') return true;
  if (text === 'False') return false;
  if (text === '()') return new Tuple([]);
  if (/^['"]/.test(text)) return text.slice(1, -1);
  const n = Number(text);
  if (Number.isNaN(n)) throw new Error(`signature default ${text}`);
  return /^-?\d+$/.test(text) ? n : new Float(n);
}

function bind(
  name: string,
  parameters: readonly ParsedParameter[],
  args: readonly Value[],
  kwargs: ReadonlyMap<string, Value> | undefined,
  runtime: Runtime,
): Record<string, Value> {
  const bound: Record<string, Value> = {};
  let next = 0;
  let used = 0;
  for (const p of parameters) {
    if (p.kind === 'varargs') {
      bound[p.name] = new Tuple(args.slice(next));
      next = args.length;
      continue;
    }
    if (p.kind === 'kwargs') {
      const rest = new Dict();
      if (kwargs)
        for (const [k, v] of kwargs)
          if (!parameters.some((q) => q.name === k && q.kind !== 'varargs' && q.kind !== 'kwargs')) rest.set(k, v);
      used += rest.size;
      bound[p.name] = rest;
      continue;
    }
    if (p.kind === 'positional' && next < args.length) {
      bound[p.name] = args[next++] as Value;
      continue;
    }
    const given = kwargs?.get(p.name);
    if (given !== undefined) {
      bound[p.name] = given;
      used++;
    } else if (p.default !== undefined) bound[p.name] = p.default;
    else runtime.raise('TypeError', `${name}() missing required argument: '${p.name}'`);
  }
  if (next < args.length)
    runtime.raise(
      'TypeError',
      `${name}() takes at most ${String(next)} positional arguments (${String(args.length)} given)`,
    );
  if (kwargs && used < kwargs.size) {
    const extra = [...kwargs.keys()].find((k) => !parameters.some((p) => p.name === k));
    if (extra !== undefined) runtime.raise('TypeError', `${name}() got an unexpected keyword argument '${extra}'`);
  }
  return bound;
}
