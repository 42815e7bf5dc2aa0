import type { SourceRange } from '../../../model/index.js';
import { Draft, type Sheet } from '../draft.js';
import type { Fixer } from '../fixer.js';
import { below } from '../source/tree.js';

const INIT = 'torch.nn.init';

/** The names from before PyTorch 0.4 get the underscore of functions that write in place, at every call. */
export const underscoreName: Fixer = ({ finding, sources }) => {
  const draft = new Draft(sources);
  const sheet = draft.sheet(finding.range);
  if (!sheet) return [];
  const ranges = [finding.range, ...(finding.related ?? []).map((r) => r.range)].filter((r) => r !== undefined);
  const names = new Set(ranges.map((range) => renameAt(sheet, range, draft)));
  const [name] = names;
  if (name === undefined || names.size !== 1) return [];
  return [draft.finish(`Use ${name}_`, true)];
};

/** Renames what is called at a range; the old name of the function. */
function renameAt(sheet: Sheet, range: SourceRange, draft: Draft): string | undefined {
  const { document, imports } = sheet;
  const { start, end } = document.located(range);
  const func = document
    .pathTo(range)
    .filter((n) => n.start === start && n.end === end)
    .at(-1);
  if (func?.type === 'Attribute') {
    draft.add(document.edit(func.end, func.end, '_'));
    return func.attr;
  }
  if (func?.type !== 'Name') return undefined;
  const full = imports.resolve(func.id);
  if (full?.startsWith(`${INIT}.`) !== true) return undefined;
  const old = full.slice(INIT.length + 1);
  if (importRenamed(sheet, old, draft) && func.id === old) draft.add(document.edit(func.end, func.end, '_'));
  return old;
}

/** `from torch.nn.init import xavier_uniform` imports the new name, once for all calls; true where it is one of a file's. */
function importRenamed({ document }: Sheet, old: string, draft: Draft): boolean {
  for (const node of below(document.body)) {
    if (node.type !== 'ImportFrom' || node.module !== INIT) continue;
    const found = node.names.find((n) => n.name === old);
    if (!found) continue;
    const end = found.start + old.length;
    const alreadyThere = node.names.some((n) => n.name === `${old}_`);
    if (!alreadyThere) draft.addOnce(document.edit(end, end, '_'));
    return true;
  }
  return false;
}
