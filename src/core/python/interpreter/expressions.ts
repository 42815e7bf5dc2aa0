import type * as ast from '../syntax/ast.js';
import {
  Bytes,
  Complex,
  Dict,
  ELLIPSIS,
  Float,
  FunctionValue,
  List,
  NativeFunction,
  PySet,
  Slice,
  Tuple,
  Unknown,
  type Scope,
  type Value,
} from '../values/index.js';
import { assignName } from './scope.js';
import { comprehension } from './comprehensions.js';
import { checkHashable } from './items.js';
import type { Interpreter } from './interpreter.js';
import { formatJoined } from './strings.js';
import { merge } from './uncertainty.js';
import { zeroArgumentSuper } from './classes.js';

type Evaluator<T extends ast.Expression> = (it: Interpreter, node: T, scope: Scope) => Value;
type Evaluators = { readonly [K in ast.Expression['type']]: Evaluator<Extract<ast.Expression, { type: K }>> };

/** How each kind of expression is evaluated. */
const EVALUATORS: Evaluators = {
  Constant: (_it, n) => constant(n),
  Name: (it, n, scope) => it.lookUp(n, scope),
  Attribute: (it, n, scope) => {
    const object = evaluate(it, n.value, scope);
    if (object instanceof Unknown) return object.as(`${object.symbol}.${n.attr}`);
    it.at(n);
    return it.getAttr(object, n.attr);
  },
  Call: call,
  BinOp: (it, n, scope) => {
    const left = evaluate(it, n.left, scope);
    const right = evaluate(it, n.right, scope);
    it.at(n);
    return it.binary(n.op, left, right);
  },
  UnaryOp: (it, n, scope) => it.unary(n.op, evaluate(it, n.operand, scope)),
  BoolOp: (it, n, scope) => {
    let value: Value = null;
    for (const [i, operand] of n.values.entries()) {
      value = evaluate(it, operand, scope);
      if (i === n.values.length - 1) return value;
      const truth = it.truth(value);
      if (truth instanceof Unknown) {
        // `unknown or default`: nobody can tell which; what follows is still evaluated for its own sake when both could be a module.
        const rest = evaluate(
          it,
          i + 2 === n.values.length ? n.values[i + 1]! : { ...n, values: n.values.slice(i + 1) },
          scope,
        );
        const restTruth = it.truth(rest);
        if (n.op === 'and' && restTruth === false) return false;
        if (n.op === 'or' && restTruth === true && typeof rest === 'boolean') return true;
        return merge(value, rest, truth);
      }
      if (truth === (n.op === 'or')) return value;
    }
    return value;
  },
  Compare: (it, n, scope) => {
    let left = evaluate(it, n.left, scope);
    let result: Value = true;
    for (const [i, op] of n.ops.entries()) {
      const right = evaluate(it, n.comparators[i]!, scope);
      result = it.compare(op, left, right);
      if (n.ops.length > 1) {
        const truth = it.truth(result);
        if (truth instanceof Unknown || !truth) return result;
      }
      left = right;
    }
    return result;
  },
  IfExp: (it, n, scope) => {
    const test = it.truth(evaluate(it, n.test, scope));
    if (test instanceof Unknown)
      return it.branches.expression(
        test,
        () => evaluate(it, n.body, scope),
        () => evaluate(it, n.orelse, scope),
      );
    return evaluate(it, test ? n.body : n.orelse, scope);
  },
  Lambda: (it, n, scope) => makeFunction(it, '<lambda>', n, scope),
  List: (it, n, scope) => new List(elements(it, n.elements, scope)),
  Tuple: (it, n, scope) => new Tuple(elements(it, n.elements, scope)),
  Set: (it, n, scope) => new PySet(elements(it, n.elements, scope).map((e) => checkHashable(it, e))),
  Dict: (it, n, scope) => {
    const d = new Dict();
    for (const { key, value } of n.entries) {
      const v = evaluate(it, value, scope);
      if (key) d.set(checkHashable(it, evaluate(it, key, scope)), v);
      else for (const [k, x] of it.mappingPairs(v)) d.set(k, x);
    }
    return d;
  },
  Comprehension: comprehension,
  Subscript: (it, n, scope) => {
    const object = evaluate(it, n.value, scope);
    const index = evaluate(it, n.index, scope);
    it.at(n);
    return it.getItem(object, index);
  },
  Slice: (it, n, scope) => {
    const part = (e: ast.Expression | null): Value => (e ? evaluate(it, e, scope) : null);
    return new Slice(part(n.lower), part(n.upper), part(n.step));
  },
  Starred: (it, n, scope) => new Tuple(it.toArray(evaluate(it, n.value, scope))),
  NamedExpr: (it, n, scope) => {
    const v = evaluate(it, n.value, scope);
    let target = scope;
    // A walrus inside a comprehension binds in the scope around it.
    while (it.isComprehensionScope(target) && target.parent) target = target.parent;
    assignName(n.target, v, target);
    return v;
  },
  JoinedStr: (it, n, scope) => formatJoined(it, n, scope),
  Await: (it, n, scope) => evaluate(it, n.value, scope),
  Yield: (it, n, scope) => {
    it.at(n);
    if (n.value) evaluate(it, n.value, scope);
    return it.unknown('the value sent into a generator is not followed', 'yield');
  },
  YieldFrom: (it, n, scope) => {
    evaluate(it, n.value, scope);
    return it.unknown('the result of a nested generator is not followed', 'yield from');
  },
};

export function evaluate(it: Interpreter, node: ast.Expression, scope: Scope): Value {
  return (EVALUATORS[node.type] as Evaluator<ast.Expression>)(it, node, scope);
}

function constant(n: ast.Constant): Value {
  switch (n.kind) {
    case 'float':
      return new Float(n.value as number);
    case 'complex':
      return new Complex(0, n.value as number);
    case 'bytes':
      return new Bytes(n.value as string);
    case 'ellipsis':
      return ELLIPSIS;
    default:
      return n.value;
  }
}

/** Values of a display or argument list, with `*rest` spread. */
export function elements(it: Interpreter, nodes: readonly ast.Expression[], scope: Scope): Value[] {
  const out: Value[] = [];
  for (const e of nodes) {
    if (e.type === 'Starred') out.push(...it.toArray(evaluate(it, e.value, scope)));
    else out.push(evaluate(it, e, scope));
  }
  return out;
}

function call(it: Interpreter, n: ast.Call, scope: Scope): Value {
  if (n.func.type === 'Name' && n.func.id === 'super' && n.args.length === 0) return zeroArgumentSuper(it, n, scope);
  const callee = evaluate(it, n.func, scope);
  const args = elements(it, n.args, scope);
  let kwargs: Map<string, Value> | undefined;
  for (const k of n.keywords) {
    const v = evaluate(it, k.value, scope);
    kwargs ??= new Map();
    if (k.name !== null) kwargs.set(k.name, v);
    else for (const [key, x] of it.mappingPairs(v)) kwargs.set(typeof key === 'string' ? key : it.str(key), x);
  }
  it.at(n);
  if (callee instanceof NativeFunction && args.length === 0 && it.isScopeFunction(callee))
    return it.scopeAnswer(callee.name, scope);
  return it.call(callee, args, kwargs);
}

/** A function object, with its defaults evaluated now. */
export function makeFunction(
  it: Interpreter,
  name: string,
  node: ast.FunctionDef | ast.Lambda,
  scope: Scope,
): FunctionValue {
  const { args } = node;
  const defaults = new Map<string, Value>();
  for (const list of [args.positionalOnly, args.positional, args.keywordOnly]) {
    for (const p of list) if (p.default) defaults.set(p.name, evaluate(it, p.default, scope));
  }
  return new FunctionValue(name, scope, defaults, node, null);
}
