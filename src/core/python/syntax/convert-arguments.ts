import type { Arg, Arguments as PyArguments, ExprNode } from 'py-ast';
import type { Arguments, Parameter } from './ast.js';
import { identifier, type Conversion } from './convert-context.js';
import { convertOptional } from './convert-expressions.js';

/** Python lists the defaults apart from the parameters; here each parameter carries its own. */
export function convertArguments(c: Conversion, node: PyArguments): Arguments {
  const count = node.posonlyargs.length + node.args.length;
  const firstDefault = count - node.defaults.length;
  const convertAt = (arg: Arg, index: number) => convertParameter(c, arg, node.defaults[index - firstDefault]);
  return {
    positionalOnly: node.posonlyargs.map(convertAt),
    positional: node.args.map((arg, i) => convertAt(arg, node.posonlyargs.length + i)),
    varargs: node.vararg ? convertParameter(c, node.vararg, null) : null,
    keywordOnly: node.kwonlyargs.map((arg, i) => convertParameter(c, arg, node.kw_defaults[i])),
    kwargs: node.kwarg ? convertParameter(c, node.kwarg, null) : null,
  };
}

function convertParameter(c: Conversion, node: Arg, value: ExprNode | null | undefined): Parameter {
  return {
    start: c.start(node),
    end: c.end(node),
    name: identifier(node.arg),
    annotation: convertOptional(c, node.annotation),
    default: convertOptional(c, value),
  };
}
