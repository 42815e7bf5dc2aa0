import { native } from '../../values/native.js';
import type { Runtime } from '../../values/runtime.js';
import type { Arguments, Parameter } from '../../syntax/ast.js';
import {
  BoundMethod,
  ClassValue,
  Dict,
  FunctionValue,
  Instance,
  List,
  Tuple,
  Unknown,
  type Value,
} from '../../values/index.js';
import { keywords, rest } from '../support/arguments.js';
import { builtinClass } from '../support/classes.js';
import { slot } from '../support/quiet.js';
import { intClass } from '../types/int.js';
import { newInstance, objectClass } from '../types/object.js';
import { fieldsOf } from './dataclass-fields.js';
import { Partial } from './functools.js';

const KINDS = ['POSITIONAL_ONLY', 'POSITIONAL_OR_KEYWORD', 'VAR_POSITIONAL', 'KEYWORD_ONLY', 'VAR_KEYWORD'] as const;
type Kind = (typeof KINDS)[number];

const kindClass = builtinClass('_ParameterKind', [intClass], 'inspect', [
  native('__str__', 'self', ({ self }) => slot(self, 'name')),
  native(
    '__repr__',
    'self',
    ({ self }) =>
      `<_ParameterKind.${String(slot(self, 'name'))}: ${String(self instanceof Instance ? self.payload : '')}>`,
  ),
]);

/** One object a kind, so that `is` works. */
const kinds: Readonly<Record<Kind, Instance>> = Object.fromEntries(
  KINDS.map((name, i) => {
    const kind = new Instance(kindClass);
    kind.payload = i;
    kind.names.set('name', name);
    return [name, kind];
  }),
) as Record<Kind, Instance>;

export const emptyClass = builtinClass('_empty', [objectClass], 'inspect');

export const parameterClass = builtinClass('Parameter', [objectClass], 'inspect', { ...kinds, empty: emptyClass }, [
  native(
    '__init__',
    'self, name, kind, *, default=None, annotation=None',
    ({ self, name, kind, default: standard, annotation }) => {
      if (self instanceof Instance)
        for (const [k, v] of Object.entries({ name, kind, default: standard, annotation })) self.names.set(k, v);
      return null;
    },
  ),
  native('__repr__', 'self', ({ self }, runtime) => {
    const standard = slot(self, 'default');
    return `<Parameter "${String(slot(self, 'name'))}${standard === emptyClass ? '' : `=${runtime.repr(standard)}`}">`;
  }),
]);

interface Described {
  readonly name: string;
  readonly kind: Kind;
  readonly default: Value | undefined;
  readonly annotated: boolean;
}

function describe(args: Arguments, defaults: ReadonlyMap<string, Value>): Described[] {
  const of =
    (kind: Kind) =>
    (p: Parameter): Described => ({
      name: p.name,
      kind,
      default: defaults.get(p.name),
      annotated: p.annotation !== null,
    });
  return [
    ...args.positionalOnly.map(of('POSITIONAL_ONLY')),
    ...args.positional.map(of('POSITIONAL_OR_KEYWORD')),
    ...(args.varargs ? [of('VAR_POSITIONAL')(args.varargs)] : []),
    ...args.keywordOnly.map(of('KEYWORD_ONLY')),
    ...(args.kwargs ? [of('VAR_KEYWORD')(args.kwargs)] : []),
  ];
}

/** The parameters that a call takes; `undefined` for what is written in TypeScript. */
function parametersOf(callee: Value, runtime: Runtime): Described[] | undefined {
  if (callee instanceof FunctionValue) {
    const wrapped = callee.attributes.get('__wrapped__');
    if (wrapped !== undefined && wrapped !== callee) return parametersOf(wrapped, runtime);
    return describe(callee.args, callee.defaults);
  }
  if (callee instanceof BoundMethod) return parametersOf(callee.func, runtime)?.slice(1);
  if (callee instanceof Partial) {
    const given = keywords(callee.named);
    return parametersOf(callee.func, runtime)
      ?.slice(callee.args.length)
      .map((p) => ({
        ...p,
        default: given.get(p.name) ?? p.default,
        kind: given.has(p.name) ? 'KEYWORD_ONLY' : p.kind,
      }));
  }
  if (callee instanceof ClassValue) {
    const init = callee.find('__init__');
    if (init instanceof FunctionValue) return parametersOf(init, runtime)?.slice(1);
    return fieldsOf(callee)
      ?.filter((f) => f.init)
      .map((f) => ({
        name: f.name,
        kind: f.keywordOnly ? 'KEYWORD_ONLY' : 'POSITIONAL_OR_KEYWORD',
        default: f.default ?? f.factory,
        annotated: true,
      }));
  }
  if (callee instanceof Instance) {
    const call = callee.cls.find('__call__');
    return call instanceof FunctionValue ? parametersOf(call, runtime)?.slice(1) : undefined;
  }
  return undefined;
}

export const signatureClass = builtinClass('Signature', [objectClass], 'inspect', { empty: emptyClass }, [
  native('bind', 'self, /, *args, **kwargs', ({ self, args, kwargs }, runtime) =>
    bind(self, rest(args), keywords(kwargs), runtime),
  ),
  native('bind_partial', 'self, /, *args, **kwargs', ({ self, args, kwargs }, runtime) =>
    bind(self, rest(args), keywords(kwargs), runtime),
  ),
]);

const boundClass = builtinClass('BoundArguments', [objectClass], 'inspect', [
  native('apply_defaults', 'self', ({ self }) => {
    const [bound, parameters] = [slot(self, 'arguments'), slot(self, '_parameters')];
    if (!(bound instanceof Dict && parameters instanceof Dict)) return null;
    for (const [name, p] of parameters.pairs()) {
      const standard = slot(p, 'default');
      if (!bound.has(name) && standard !== emptyClass) bound.set(name, standard);
    }
    return null;
  }),
]);

/** Arguments by the name of the parameter that takes them. */
function bind(self: Value, args: readonly Value[], named: Map<string, Value>, runtime: Runtime): Value {
  const parameters = slot(self, 'parameters');
  const bound = newInstance(boundClass, runtime);
  const values = new Dict();
  let at = 0;
  for (const [name, p] of parameters instanceof Dict ? parameters.pairs() : []) {
    const kind = slot(p, 'kind');
    const given = named.get(String(name));
    if (kind === kinds.VAR_POSITIONAL) {
      if (at < args.length) values.set(name, new Tuple(args.slice(at)));
    } else if (kind === kinds.VAR_KEYWORD) {
      if (named.size > 0) values.set(name, Dict.from(named));
    } else if (kind !== kinds.KEYWORD_ONLY && at < args.length) values.set(name, args[at++] ?? null);
    else if (given !== undefined) values.set(name, given);
    named.delete(String(name));
  }
  bound.names.set('arguments', values);
  bound.names.set('_parameters', parameters);
  return bound;
}

/** `inspect.signature(callee)`. */
export function signature(callee: Value, runtime: Runtime): Value {
  if (callee instanceof Unknown) return callee.as(`signature(${callee.symbol})`);
  const described = parametersOf(callee, runtime);
  if (!described) return runtime.unknown('the signature of this function is not known', 'signature()');
  const result = newInstance(signatureClass, runtime);
  const parameters = new Dict('OrderedDict');
  for (const p of described) {
    const parameter = newInstance(parameterClass, runtime);
    parameter.names.set('name', p.name);
    parameter.names.set('kind', kinds[p.kind]);
    parameter.names.set('default', p.default ?? (p.default === null ? null : emptyClass));
    parameter.names.set(
      'annotation',
      p.annotated ? runtime.unknown('annotations are not evaluated', p.name) : emptyClass,
    );
    parameters.set(p.name, parameter);
  }
  result.names.set('parameters', parameters);
  result.names.set('return_annotation', emptyClass);
  return result;
}

const specClass = builtinClass('FullArgSpec', [objectClass], 'inspect', [
  native('__getitem__', 'self, index', ({ self, index }) =>
    slot(self, ['args', 'varargs', 'varkw', 'defaults'][Number(index)] ?? ''),
  ),
]);

/** `inspect.getfullargspec(callee)`. */
export function argumentSpec(callee: Value, runtime: Runtime): Value {
  if (callee instanceof Unknown) return callee.as(`getfullargspec(${callee.symbol})`);
  // Unlike signature(), this one lists self.
  const target =
    callee instanceof BoundMethod
      ? callee.func
      : callee instanceof ClassValue
        ? (callee.find('__init__') ?? callee)
        : callee;
  const described = parametersOf(target, runtime);
  if (!described) return runtime.unknown('the signature of this function is not known', 'getfullargspec()');
  const spec = newInstance(specClass, runtime);
  const positional = described.filter((p) => p.kind === 'POSITIONAL_ONLY' || p.kind === 'POSITIONAL_OR_KEYWORD');
  const only = described.filter((p) => p.kind === 'KEYWORD_ONLY');
  const defaults = positional.flatMap((p) => (p.default === undefined ? [] : [p.default]));
  const entries: Record<string, Value> = {
    args: new List(positional.map((p) => p.name)),
    varargs: described.find((p) => p.kind === 'VAR_POSITIONAL')?.name ?? null,
    varkw: described.find((p) => p.kind === 'VAR_KEYWORD')?.name ?? null,
    keywords: described.find((p) => p.kind === 'VAR_KEYWORD')?.name ?? null,
    defaults: defaults.length === 0 ? null : new Tuple(defaults),
    kwonlyargs: new List(only.map((p) => p.name)),
    kwonlydefaults: Dict.from(only.flatMap((p) => (p.default === undefined ? [] : [[p.name, p.default] as const]))),
    annotations: new Dict(),
  };
  for (const [name, v] of Object.entries(entries)) spec.names.set(name, v);
  return spec;
}
