import type { ClassDef, FunctionDef, Located } from './ast.js';
import { convertArguments } from './convert-arguments.js';
import { identifier, type Conversion, type PyStmt } from './convert-context.js';
import { convertAll, convertExpression, convertKeywords, convertOptional } from './convert-expressions.js';
import { convertBody } from './convert-statements.js';
import { withLazyBody } from './lazy-body.js';

export function convertFunction(c: Conversion, node: PyStmt<'FunctionDef' | 'AsyncFunctionDef'>): FunctionDef {
  // Decorators, defaults and annotations belong to the scope around the function, and so does a `yield` in them.
  const decorators = convertAll(c, node.decorator_list);
  const args = convertArguments(c, node.args);
  const returns = convertOptional(c, node.returns);
  const outer = c.sawYield;
  c.sawYield = false;
  const first = node.body[0];
  const later = first && c.bodyAt?.(c.start(first), c.className);
  const body = later ? [] : convertBody(c, node.body);
  const isGenerator = c.sawYield;
  c.sawYield = outer;
  const fn: FunctionDef = {
    type: 'FunctionDef',
    start: c.start(node),
    end: c.end(node),
    name: c.privateName(identifier(node.name)),
    nameRange: findName(c, node),
    args,
    body,
    decorators,
    returns,
    isAsync: node.nodeType === 'AsyncFunctionDef',
    isGenerator,
  };
  return later ? withLazyBody(fn, later) : fn;
}

export function convertClass(c: Conversion, node: PyStmt<'ClassDef'>): ClassDef {
  const decorators = convertAll(c, node.decorator_list);
  const bases = node.bases.map((base) => convertExpression(c, base));
  const keywords = convertKeywords(c, node.keywords);
  const outer = c.sawYield;
  const around = c.className;
  c.className = identifier(node.name);
  const body = convertBody(c, node.body);
  c.className = around;
  c.sawYield = outer;
  return {
    type: 'ClassDef',
    start: c.start(node),
    end: c.end(node),
    name: identifier(node.name),
    nameRange: findName(c, node),
    bases,
    keywords,
    body,
    decorators,
  };
}

/** Between `async`, `def` and the name there may be spaces and continued lines only. */
const BEFORE_NAME = /(?:async(?:[ \t\f]|\\\r?\n|\\\r)+)?(?:def|class)(?:[ \t\f]|\\\r?\n|\\\r)+/y;

function findName(c: Conversion, node: PyStmt<'FunctionDef' | 'AsyncFunctionDef' | 'ClassDef'>): Located {
  BEFORE_NAME.lastIndex = c.localStart(node);
  const before = BEFORE_NAME.exec(c.text);
  const start = before ? BEFORE_NAME.lastIndex : c.localStart(node);
  return c.range(start, start + (before ? node.name.length : 0));
}
