import type * as ast from '../syntax/ast.js';
import { parseExpression, parseStatements } from '../syntax/index.js';
import {
  List,
  ModuleValue,
  PyException,
  Stopped,
  Unknown,
  unrecorded,
  type Scope,
  type Value,
} from '../values/index.js';
import { boundNames } from './bindings.js';
import { evaluate } from './expressions.js';
import type { Interpreter } from './interpreter.js';
import type { RunnableFile } from './loader.js';
import { folderOf } from './module-folders.js';
import { ownFailure } from './own-failure.js';
import { assignName, moduleScope } from './scope.js';
import { executeOne } from './statements.js';

/** Steps that one statement at the top of a module may take: enough for any definition, too few for a training run. */
const TOP_LEVEL_STEPS = 400_000;

/** Runs a module's text. It runs once: what it defines must outlast the branch or the model that asked for it first. */
export function runModule(it: Interpreter, module: ModuleValue, file: RunnableFile): void {
  it.registerPlaces(module.file, file.places);
  unrecorded(() => {
    const { names } = module;
    names.set('__name__', module.name);
    names.set('__file__', module.file);
    names.set('__doc__', null);
    names.set('__spec__', null);
    names.set('__loader__', null);
    if (module.isPackage) names.set('__path__', new List([folderOf(module)]));
    names.set('__package__', module.isPackage ? module.name : module.name.split('.').slice(0, -1).join('.'));
    runStatements(it, module, file.module.body);
  });
}

/** Statement by statement: one that fails leaves its names unknown, and the rest goes on. */
export function runStatements(it: Interpreter, module: ModuleValue, body: readonly ast.Statement[]): void {
  const scope = moduleScope(module);
  it.inFrame(module, () => {
    for (const s of body) {
      try {
        it.budget.withSteps(TOP_LEVEL_STEPS, () => {
          it.budget.within(it.budget.timeForStatement, () => {
            executeTop(it, s, scope);
          });
        });
      } catch (e) {
        if (e instanceof PyException) {
          if (e.className === 'SystemExit') return;
          fail(it, module, s, `${e.className}: ${e.message}`, e);
        } else if (!(e instanceof Stopped)) fail(it, module, s, ownFailure(e), undefined);
        else if ((e.cause === 'budget' || e.cause === 'depth') && !it.budget.isExhausted)
          fail(it, module, s, e.message, e);
        else throw e;
      }
    }
  });
}

function executeTop(it: Interpreter, s: ast.Statement, scope: Scope): void {
  try {
    executeOne(it, s, scope);
  } catch (e) {
    it.rethrow(e);
  }
}

function fail(
  it: Interpreter,
  module: ModuleValue,
  s: ast.Statement,
  message: string,
  e: PyException | Stopped | undefined,
): void {
  it.note(message, e?.range ?? it.rangeIn(module, s));
  const why = new Unknown(message, e?.range ?? it.rangeIn(module, s));
  for (const name of boundNames(s)) if (!module.names.has(name)) assignName(name, why.as(name), moduleScope(module));
}

/** Evaluates an expression in a module's namespace. */
export function evaluateIn(it: Interpreter, module: ModuleValue, text: string): Value {
  const { expression, problem } = parseExpression(text);
  if (!expression) return it.raise('SyntaxError', problem?.message ?? 'invalid syntax');
  // The text is not in the file: its places would be wrong, so it runs in a frame of library kind.
  const shell = new ModuleValue(module.name, '', true);
  return it.inFrame(shell, () => evaluate(it, expression, moduleScope(module)));
}

export function executeIn(it: Interpreter, module: ModuleValue, text: string): void {
  const { statements, problems } = parseStatements(text);
  if (problems[0]) it.raise('SyntaxError', problems[0].message);
  const shell = new ModuleValue(module.name, '', true);
  it.inFrame(shell, () => {
    for (const s of statements) executeOne(it, s, moduleScope(module));
  });
}
