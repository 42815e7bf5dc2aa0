import { native } from '../../values/native.js';
import { ModuleValue, Unknown, type NativeFunction, type Value } from '../../values/index.js';
import { parseLiteral } from '../support/literal.js';
import { nothing, unknowable } from '../support/modules.js';

/** Built-ins that reach outside the program or into its running code. */
export const environmentBuiltins: readonly (NativeFunction | readonly [string, Value])[] = [
  ['print', nothing('print')],
  ['breakpoint', nothing('breakpoint')],
  ['exec', unknowable('exec', 'code run by exec() is not followed')],
  ['compile', unknowable('compile', 'compile() is not evaluated')],
  ['input', unknowable('input', 'input() reads from the user')],
  native('open', 'file, *args, **kwargs', ({ file }, runtime) => {
    const name = typeof file === 'string' ? ` ${file}` : '';
    runtime.note(`open() reads a file${name}: what is in it is not known`);
    return runtime.unknown('open() reads a file', 'open()');
  }),
  native('eval', 'source, *scopes', ({ source }, runtime) => {
    if (source instanceof Unknown) return source.as(`eval(${source.symbol})`);
    const value = typeof source === 'string' ? parseLiteral(source) : undefined;
    return value === undefined ? runtime.unknown('eval() of anything but a literal is not followed', 'eval()') : value;
  }),
  // The interpreter answers these where it knows the scope.
  ['globals', unknowable('globals', 'globals() is not known here')],
  ['locals', unknowable('locals', 'locals() is not known here')],
  native('__import__', 'name, *rest, **kwargs', ({ name }, runtime) => {
    if (typeof name !== 'string') return runtime.unknown('the name of the module is not known', '__import__()');
    const module = runtime.importModule(name);
    const [top = name] = name.split('.');
    return top === name || !(module instanceof ModuleValue) ? module : runtime.importModule(top);
  }),
];
