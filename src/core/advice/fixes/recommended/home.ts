import type { Report, TextEdit } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Draft, Sheet } from '../draft.js';
import type { Standing } from '../source/document.js';
import { insertAfter, written, type Lines } from '../source/lines.js';
import { below, dotted } from '../source/tree.js';

/** Where a model's whole initialization is written: its class, or below the line that makes it. */
export interface Home {
  readonly sheet: Sheet;
  /** The model, as it is named there. */
  readonly model: string;
  /** The class and its constructor; absent where the model is a variable of the file. */
  readonly classDef?: ast.ClassDef | undefined;
  readonly init?: ast.FunctionDef | undefined;
  /** Writes statements that come after the model is built, and a function of a module that they may `apply`. */
  write(statements: Lines, initializer?: { readonly name: string; readonly body: Lines }): TextEdit[] | undefined;
  /** A name for that function which nothing else has. */
  readonly freeName: string;
  /** How that function is named in a statement. */
  named(name: string): string;
}

export function homeOf(report: Report, draft: Draft): Home | undefined {
  return inClass(report, draft) ?? belowVariable(report, draft);
}

function inClass(report: Report, draft: Draft): Home | undefined {
  const sheet = draft.sheet(report.definedAt);
  if (sheet === undefined || report.definedAt === undefined) return undefined;
  const classDef = sheet.document
    .pathTo(report.definedAt)
    .filter((n): n is ast.ClassDef => n.type === 'ClassDef' && n.name === report.className)
    .at(-1);
  if (classDef === undefined) return undefined;
  const methods = classDef.body.filter((s): s is ast.FunctionDef => s.type === 'FunctionDef');
  const init = methods.find((f) => f.name === '__init__');
  const self = init?.args.positional[0]?.name ?? init?.args.positionalOnly[0]?.name ?? 'self';
  const freeName =
    ['_init_weights', '_init_recommended'].find((n) => !methods.some((f) => f.name === n)) ?? '_init_by_type';
  const home = { sheet, model: self, classDef, init, freeName, named: (name: string) => `${self}.${name}` };
  return { ...home, write: (statements, f) => writeInClass(home, statements, f) };
}

type ClassHome = Pick<Home, 'sheet' | 'init' | 'model'> & { readonly classDef: ast.ClassDef };

function writeInClass(
  { sheet: { document }, classDef, init, model }: ClassHome,
  statements: Lines,
  initializer: { readonly name: string; readonly body: Lines } | undefined,
): TextEdit[] | undefined {
  const method = initializer
    ? ['', `def ${initializer.name}(${model}, module):`, ...initializer.body.map((line) => `\t${line}`)]
    : [];
  if (init === undefined) {
    const lines = [
      `def __init__(${model}, *args, **kwargs):`,
      '\tsuper().__init__(*args, **kwargs)',
      ...statements.map((line) => `\t${line}`),
      ...method,
    ];
    return inFront(classDef, lines);
  }
  const at = lastOf(document.text, init);
  if (at === undefined) return undefined;
  const own = insertAfter(document, at, statements);
  if (own === undefined) return undefined;
  if (method.length === 0) return [own];
  const end = document.lineEnd(init.end);
  const text = written(document, method, document.indentAt(init.start));
  const there = document.edit(end, end, text);
  return there.start === own.start && there.cell === own.cell ? [{ ...own, text: own.text + text }] : [own, there];

  /** A constructor in front of the class's first method, behind its docstring and attributes. */
  function inFront(c: ast.ClassDef, lines: Lines): TextEdit[] | undefined {
    const first = c.body.find((s) => s.type === 'FunctionDef');
    if (first === undefined || document.lineStart(first.start) === document.lineStart(c.start)) return undefined;
    const start = document.lineStart(first.decorators[0]?.start ?? first.start);
    const indent = document.indentAt(first.start);
    const text = written(document, [...lines, ''], indent).slice(document.eol.length);
    return [document.edit(start, start, text + document.eol)];
  }
}

/** What must stay the last: weights that are loaded are not drawn again. */
const LOADS = /\bload_|pretrained|checkpoint|torch\.load\b/;

/** The last statement of a constructor behind which weights can be drawn. */
function lastOf(text: string, { body }: ast.FunctionDef): Standing | undefined {
  const stop = body.findIndex(
    (s) => s.type === 'Return' || (s.type === 'Expr' && LOADS.test(text.slice(s.start, s.end))),
  );
  const statement = stop < 0 ? body.at(-1) : body[stop - 1];
  return statement && { statement, siblings: body };
}

/** `model = nn.Sequential(…)` at the head of a file. */
function belowVariable(report: Report, draft: Draft): Home | undefined {
  if (!/^[A-Za-z_]\w*$/.test(report.entry)) return undefined;
  const sheet = draft.sheet({ file: report.file, start: 0, end: 0, line: 1 });
  const statement = sheet?.document.body
    .filter((s) => s.type === 'Assign' && s.targets.some((t) => t.type === 'Name' && t.id === report.entry))
    .at(-1);
  if (sheet === undefined || statement === undefined) return undefined;
  const { document } = sheet;
  const names = new Set([...below(document.body)].flatMap((n) => (n.type === 'FunctionDef' ? [n.name] : [])));
  return {
    sheet,
    model: report.entry,
    freeName: names.has('init_weights') ? 'init_recommended' : 'init_weights',
    named: (name) => name,
    write(statements, f) {
      const definition = f ? ['', '', `def ${f.name}(module):`, ...f.body.map((line) => `\t${line}`), '', ''] : [];
      const edit = insertAfter(document, { statement, siblings: document.body }, [...definition, ...statements]);
      return edit && [edit];
    },
  };
}

/** The function that the constructor already applies to all modules, as far as it asks for their types one by one. */
export interface Applied {
  readonly module: string;
  /** The last `if` or `elif` of its chain. */
  readonly last: ast.If;
  /** Where the chain begins. */
  readonly first: ast.If;
}

export function appliedIn({ sheet, classDef, init, model }: Home): Applied | undefined {
  if (classDef === undefined || init === undefined) return undefined;
  for (const node of below(init.body)) {
    if (node.type !== 'Call' || dotted(node.func) !== `${model}.apply`) continue;
    const name = node.args[0] && dotted(node.args[0])?.split('.').at(-1);
    const f = [...classDef.body, ...sheet.document.body].find((s) => s.type === 'FunctionDef' && s.name === name);
    const found = f?.type === 'FunctionDef' ? chainOf(f) : undefined;
    if (found) return found;
  }
  return undefined;
}

function chainOf(f: ast.FunctionDef): Applied | undefined {
  const module = f.args.positional.at(-1)?.name;
  const first = f.body.filter((s): s is ast.If => s.type === 'If' && tested(s) === module).at(-1);
  if (first === undefined || module === undefined) return undefined;
  let last = first;
  for (;;) {
    const [next, ...more] = last.orelse;
    if (next === undefined) return { module, first, last };
    if (next.type !== 'If' || more.length > 0 || tested(next) !== module) return undefined;
    last = next;
  }
}

/** `m` of `isinstance(m, …)`. */
function tested({ test }: ast.If): string | undefined {
  const call = test.type === 'Call' && dotted(test.func) === 'isinstance' ? test : undefined;
  return call?.args[0] && dotted(call.args[0]);
}
