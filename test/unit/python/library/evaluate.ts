import {
  evaluateIn,
  executeIn,
  Interpreter,
  type FrameworkHooks,
} from '../../../../src/core/python/interpreter/index.js';
import { reprOf } from '../../../../src/core/python/library/index.js';
import { PyException, type ModuleValue, type Value } from '../../../../src/core/python/values/index.js';

const NO_FRAMEWORKS: FrameworkHooks = {
  modules: new Map(),
  replaceable: new Set(),
  baseForUnknown: () => undefined,
  isModule: () => false,
};

/** A Python module made of pieces of text, for asking what expressions give. */
export class Session {
  readonly interpreter = new Interpreter({ read: () => null, roots: [''] }, NO_FRAMEWORKS);
  private readonly module: ModuleValue = this.interpreter.modules.runMain('__main__', 'main.py', '');

  run(code: string): void {
    executeIn(this.interpreter, this.module, code);
  }

  value(expression: string): Value {
    return evaluateIn(this.interpreter, this.module, expression);
  }

  /** `repr(expression)`, or `! NameOfException`. */
  repr(expression: string): string {
    try {
      return reprOf(this.value(expression), this.interpreter);
    } catch (e) {
      if (e instanceof PyException) return `! ${e.className}`;
      throw e;
    }
  }
}
