import type * as ast from '../../python/syntax/ast.js';
import { children } from '../../python/syntax/children.js';

/** One function (or the module itself) around a call, and the statements that ran in it before the call was reached. */
export interface Level {
  /** `undefined`: the module. */
  readonly fn: ast.FunctionDef | undefined;
  /** The class that the function is a method of. */
  readonly cls?: ast.ClassDef | undefined;
  readonly before: readonly ast.Statement[];
}

/** A call by name somewhere in a file. */
export interface Site {
  readonly call: ast.Call;
  /** Name that is called, without what stands before its last dot. */
  readonly name: string;
  /** The call as written, on one line. */
  readonly text: string;
  /** Module first, innermost function last. */
  readonly levels: readonly [Level, ...Level[]];
  /** In a method or the body of a class: what is made there is a part of something. */
  readonly inClass: boolean;
}

/** Calls of the given names (`Net(…)`, `models.Net(…)`), in the order of the file. */
export function findSites(body: readonly ast.Statement[], names: ReadonlySet<string>, text: string): Site[] {
  const sites: Site[] = [];
  const search = (node: object, levels: Site['levels'], inClass: boolean): void => {
    if ('type' in node && node.type === 'Call') {
      const call = node as ast.Call;
      const name = calledName(call);
      if (name !== undefined && names.has(name)) sites.push({ call, name, text: oneLine(call, text), levels, inClass });
    }
    for (const child of children(node)) search(child, levels, inClass);
  };
  const block = (
    statements: readonly ast.Statement[],
    levels: Site['levels'],
    inClass: boolean,
    cls?: ast.ClassDef,
  ): void => {
    let here = levels;
    for (const s of statements) {
      if (s.type === 'FunctionDef') {
        for (const d of s.decorators) search(d, here, inClass);
        block(s.body, [...here, { fn: s, cls, before: [] }], inClass);
      } else if (s.type === 'ClassDef') block(s.body, here, true, s);
      else if (isMainBlock(s)) {
        block(s.body, here, inClass);
        for (const inner of s.body) here = after(here, inner);
      } else {
        const blocks = blocksOf(s);
        if (blocks.length === 0) search(s, here, inClass);
        else {
          for (const header of headersOf(s)) search(header, here, inClass);
          const inside = entering(s).reduce(after, here);
          for (const b of blocks) block(b, inside, inClass);
        }
      }
      here = after(here, s);
    }
  };
  block(body, [{ fn: undefined, before: [] }], false);
  return sites;
}

/** `if __name__ == "__main__":` */
export function isMainBlock(s: ast.Statement): s is ast.If {
  if (s.type !== 'If' || s.test.type !== 'Compare') return false;
  return [s.test.left, ...s.test.comparators].some((e) => e.type === 'Name' && e.id === '__name__');
}

/** The blocks of a compound statement that is no definition. */
export function blocksOf(s: ast.Statement): readonly (readonly ast.Statement[])[] {
  switch (s.type) {
    case 'If':
    case 'While':
    case 'For':
      return [s.body, s.orelse];
    case 'With':
      return [s.body];
    case 'Try':
      return [s.body, ...s.handlers.map((h) => h.body), s.orelse, s.finalbody];
    case 'Match':
      return s.cases.map((c) => c.body);
    default:
      return [];
  }
}

function headersOf(s: ast.Statement): readonly ast.Expression[] {
  switch (s.type) {
    case 'If':
    case 'While':
      return [s.test];
    case 'For':
      return [s.iter];
    case 'With':
      return s.items.map((i) => i.context);
    case 'Match':
      return [s.subject];
    default:
      return [];
  }
}

/** What a compound statement has bound once its block runs for the first time. */
function entering(s: ast.Statement): readonly ast.Statement[] {
  if (s.type === 'With') return [{ ...s, body: [] }];
  if (s.type !== 'For') return [];
  const { start, end } = s.iter;
  const call = (id: string, argument: ast.Expression): ast.Call => ({
    type: 'Call',
    func: { type: 'Name', id, start, end },
    args: [argument],
    keywords: [],
    start,
    end,
  });
  return [{ type: 'Assign', targets: [s.target], value: call('next', call('iter', s.iter)), start, end }];
}

function after(levels: Site['levels'], s: ast.Statement): Site['levels'] {
  const last = levels[levels.length - 1] ?? levels[0];
  return [...levels.slice(0, -1), { ...last, before: [...last.before, s] }] as unknown as Site['levels'];
}

function calledName({ func }: ast.Call): string | undefined {
  return func.type === 'Name' ? func.id : func.type === 'Attribute' ? func.attr : undefined;
}

function oneLine(call: ast.Call, text: string): string {
  const slice = text.slice(call.start, call.end);
  // Without its line end a comment would swallow what follows.
  return slice
    .replace(/#[^\n'"]*$/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/([([]) | (?=[)\]])/g, '$1')
    .replace(/,(?=[)\]])/g, '');
}
