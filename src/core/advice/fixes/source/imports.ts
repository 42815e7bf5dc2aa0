import type { TextEdit } from '../../../model/index.js';
import type { ast } from '../../../python/syntax/index.js';
import type { Document } from './document.js';
import { addImports } from '../../findings/written/names.js';
import { below } from './tree.js';

const INIT = 'torch.nn.init';

/** What the names of a file stand for. */
interface FileNames {
  /** Local name → what it was imported as: `nn` → `torch.nn`. */
  readonly names: ReadonlyMap<string, string>;
  /** Names that the file gives to something of its own. */
  readonly taken: ReadonlySet<string>;
  /** `from torch.nn.init import …`. */
  readonly initImport: ast.ImportFrom | undefined;
}

/** Going through a whole file takes milliseconds, and every layer's edit asks. */
const known = new WeakMap<Document, FileNames>();

function namesOf(document: Document): FileNames {
  let found = known.get(document);
  if (found === undefined) known.set(document, (found = collectNames(document)));
  return found;
}

function collectNames(document: Document): FileNames {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  let initImport: ast.ImportFrom | undefined;
  for (const node of below(document.body)) {
    if (node.type === 'Import' || node.type === 'ImportFrom') addImports(names, node);
    if (node.type === 'ImportFrom' && node.module === INIT && node.names.every(({ name }) => name !== '*'))
      initImport = node;
    else if (node.type === 'FunctionDef' || node.type === 'ClassDef') taken.add(node.name);
    else if (node.type === 'Assign')
      for (const target of node.targets) if (target.type === 'Name') taken.add(target.id);
  }
  return { names, taken, initImport };
}

/** What the names of a file stand for, and the imports that an edit needs besides. */
export class Imports {
  private readonly names: FileNames['names'];
  private readonly taken: FileNames['taken'];
  private readonly initImport: FileNames['initImport'];
  private readonly missing = new Set<string>();
  /** What has to be added to `from torch.nn.init import …`. */
  private readonly added = new Set<string>();

  constructor(private readonly document: Document) {
    ({ names: this.names, taken: this.taken, initImport: this.initImport } = namesOf(document));
  }

  /** What a name written in the file is by its imports: `nn.init.zeros_` → `torch.nn.init.zeros_`. */
  resolve(written: string): string | undefined {
    const [first = '', ...rest] = written.split('.');
    const known = this.names.get(first);
    return known === undefined ? undefined : [known, ...rest].join('.');
  }

  /** Whether a module can be named without a new import. */
  has(module: string): boolean {
    return [...this.names.values()].includes(module);
  }

  /** How the file would write a dotted name of torch; what has to be imported for it comes with `edits`. */
  spell(name: string): string {
    let best: { written: string; covers: number } | undefined;
    for (const [local, stands] of this.names) {
      if (name !== stands && !name.startsWith(`${stands}.`)) continue;
      const written = local + name.slice(stands.length);
      // A function imported by itself, or the longest module.
      if (best === undefined || stands.length > best.covers) best = { written, covers: stands.length };
    }
    // Where functions are imported by themselves, and the module is far, one more is.
    if (name.startsWith(`${INIT}.`) && this.initImport && (best?.covers ?? 0) <= 'torch'.length) {
      const own = name.slice(INIT.length + 1);
      this.added.add(own);
      return own;
    }
    if (best !== undefined) return best.written;
    if (name.startsWith('torch.nn.') && !this.taken.has('nn')) {
      this.missing.add('from torch import nn');
      return name.slice('torch.'.length);
    }
    const [first = name] = name.split('.');
    this.missing.add(`import ${first}`);
    return name;
  }

  /** Imports for what was spelled and isn't there, behind the file's own. */
  edits(): TextEdit[] {
    const { document } = this;
    const last = this.initImport?.names.at(-1);
    const names = [...this.added].map((name) => `, ${name}`).join('');
    const extended = last && names !== '' ? [document.edit(last.end, last.end, names)] : [];
    if (this.missing.size === 0) return extended;
    const lines = [...this.missing].sort((a, b) => Number(b.startsWith('import')) - Number(a.startsWith('import')));
    const after = lastImport(document);
    if (after !== undefined) {
      const end = document.lineEnd(after.end);
      return [...extended, document.edit(end, end, lines.map((line) => document.eol + line).join(''))];
    }
    const first = document.body.find((s) => !isDocstring(s));
    const start = first === undefined ? document.text.length : document.lineStart(first.start);
    return [document.edit(start, start, lines.map((line) => line + document.eol).join('') + document.eol)];
  }
}

/** The last import of those at the head of a file. */
function lastImport({ body }: Document): ast.Statement | undefined {
  let last: ast.Statement | undefined;
  for (const s of body) {
    if (s.type === 'ClassDef' || s.type === 'FunctionDef') break;
    if (s.type === 'Import' || (s.type === 'ImportFrom' && s.module !== '__future__')) last = s;
  }
  return last ?? body.find((s) => s.type === 'ImportFrom');
}

function isDocstring(s: ast.Statement): boolean {
  return s.type === 'Expr' && s.value.type === 'Constant';
}
