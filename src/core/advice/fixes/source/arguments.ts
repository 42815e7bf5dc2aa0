import type { TextEdit } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Document } from './document.js';

/** Parameters of `torch.nn.init` functions, in their order (torch/nn/init.py). */
const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
  uniform_: ['tensor', 'a', 'b', 'generator'],
  normal_: ['tensor', 'mean', 'std', 'generator'],
  trunc_normal_: ['tensor', 'mean', 'std', 'a', 'b', 'generator'],
  constant_: ['tensor', 'val'],
  ones_: ['tensor'],
  zeros_: ['tensor'],
  eye_: ['tensor'],
  dirac_: ['tensor', 'groups'],
  xavier_uniform_: ['tensor', 'gain', 'generator'],
  xavier_normal_: ['tensor', 'gain', 'generator'],
  kaiming_uniform_: ['tensor', 'a', 'mode', 'nonlinearity', 'generator'],
  kaiming_normal_: ['tensor', 'a', 'mode', 'nonlinearity', 'generator'],
  orthogonal_: ['tensor', 'gain', 'generator'],
  sparse_: ['tensor', 'sparsity', 'std', 'generator'],
  calculate_gain: ['nonlinearity', 'param'],
};

export function isInitializer(name: string): boolean {
  return name.endsWith('_') && Object.hasOwn(SIGNATURES, name);
}

/** A call's argument by name, however it was given; undefined where stars hide which is which. */
export function argumentOf(call: ast.Call, name: string, parameter: string): ast.Expression | undefined {
  const keyword = call.keywords.find((k) => k.name === parameter);
  if (keyword) return keyword.value;
  const index = SIGNATURES[name]?.indexOf(parameter) ?? -1;
  const positional = call.args.slice(0, index + 1);
  return positional.some((a) => a.type === 'Starred') ? undefined : call.args[index];
}

/** Gives arguments of a call new values, adds those that are not there, and takes out others, with the least text. */
export function changeArguments(
  document: Document,
  call: ast.Call,
  name: string,
  change: Readonly<Record<string, string | null>>,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const added: string[] = [];
  for (const [parameter, value] of Object.entries(change)) {
    const old = argumentOf(call, name, parameter);
    if (value === null) {
      // Positions of those behind count: what stands in front of them becomes the default, which is 0 wherever that happens.
      const index = call.args.findIndex((a) => a === old);
      if (old && index >= 0 && index < call.args.length - 1) {
        if (!(old.type === 'Constant' && old.value === 0)) edits.push(document.edit(old.start, old.end, '0'));
      } else if (old) edits.push(withoutArgument(document, given(call), old));
    } else if (old) {
      const text = requoted(value, document.slice(old));
      if (document.slice(old) !== text) edits.push(document.edit(old.start, old.end, text));
    } else added.push(`${parameter}=${value}`);
  }
  if (added.length > 0) edits.push(append(document, call, added));
  return edits;
}

/** A string in the quotes of the one that it replaces. */
function requoted(value: string, old: string): string {
  const quote = old.startsWith("'") || old.startsWith('"') ? old[0] : undefined;
  return quote !== undefined && /^(["']).*\1$/.test(value) ? quote + value.slice(1, -1) + quote : value;
}

/** All that is given to a call, in the order of the source; a keyword with its name. */
function given(call: ast.Call): ast.Located[] {
  return [...call.args, ...call.keywords.map((k) => ({ start: k.start, end: k.value.end }))].sort(
    (a, b) => a.start - b.start,
  );
}

function append(document: Document, call: ast.Call, added: readonly string[]): TextEdit {
  const last = given(call).at(-1);
  if (last === undefined) {
    const end = call.end - 1;
    return document.edit(end, end, added.join(', '));
  }
  const separator = separatorAt(document, last);
  return document.edit(last.end, last.end, separator + added.join(separator));
}

/** What parts an argument from the next: where it has a line of its own, the next one gets one too. */
export function separatorAt(document: Document, argument: ast.Located): string {
  const start = document.lineStart(argument.start);
  const blanks = document.text.slice(start, argument.start);
  return blanks !== '' && blanks.trim() === '' ? `,${document.eol}${blanks}` : ', ';
}

/** Takes one of several arguments, or elements, out, with the comma in front of it, or the one behind where it is the first. */
export function withoutArgument(document: Document, all: readonly ast.Located[], value: ast.Located): TextEdit {
  const index = all.findIndex((a) => a.start <= value.start && value.end <= a.end);
  const own = all[index] ?? value;
  const before = all[index - 1];
  const after = all[index + 1];
  if (before) return document.edit(before.end, own.end, '');
  return document.edit(own.start, after?.start ?? own.end, '');
}
