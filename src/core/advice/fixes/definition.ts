import type { Report, SourceRange } from '../../model/index.js';
import type { Draw, Wanted } from './draw.js';
import type { Draft, Sheet } from './draft.js';
import { freeBias, pathExpression } from './recommended/lines.js';
import { standing, type Standing } from './source/document.js';
import { insertAfter, type Lines } from './source/lines.js';
import type { Node } from './source/tree.js';
import { callText, spell, type Spelled } from './spell.js';

/** What a statement defines: one thing, or a list of like ones. */
export interface Defined {
  /** The statement's target: `self.fc1`, `self.layers`. */
  readonly target: string;
  /** What of a parameter's name follows the target, or an element of the list: `weight`, `0.weight`. */
  readonly rest: string;
  readonly isList: boolean;
}

/** What the statement that stands at a definition calls some parameters; undefined where it has no name for them. */
export function definedBy(
  { document }: Sheet,
  { statement }: Standing,
  names: readonly string[],
  report: Report,
): Defined | undefined {
  if (statement.type === 'Expr' && statement.value.type === 'Call') {
    // `self.register_parameter("w", …)`
    const { func } = statement.value;
    const own = names[0]?.split('.').at(-1);
    if (func.type !== 'Attribute' || func.attr !== 'register_parameter' || own === undefined) return undefined;
    return { target: document.slice(func.value), rest: own, isList: false };
  }
  const assigned: Node | undefined =
    statement.type === 'Assign' ? statement.targets[0] : statement.type === 'AnnAssign' ? statement.target : undefined;
  if (assigned?.type !== 'Attribute') return undefined;
  const target = document.slice(assigned);
  const split = names.map((name) => behind(name, assigned.attr));
  const [first] = split;
  if (first === undefined || split.some((s) => s === undefined)) return undefined;
  if (split.every((s) => s?.rest === first.rest)) return { target, rest: first.rest, isList: false };
  const element = /^\d+(?:\.|$)/;
  const rest = first.rest.replace(element, '');
  const isList = split.every((s) => s !== undefined && element.test(s.rest) && s.rest.replace(element, '') === rest);
  return isList && coversList(split as Split[], report) ? { target, rest, isList } : undefined;
}

interface Split {
  /** `blocks.0.layers` */
  readonly before: string;
  readonly rest: string;
}

/** A parameter's name, parted behind the last part that is an attribute's. */
function behind(name: string, attribute: string): Split | undefined {
  const parts = name.split('.');
  const index = parts.lastIndexOf(attribute);
  if (index < 0) return undefined;
  return { before: parts.slice(0, index + 1).join('.'), rest: parts.slice(index + 1).join('.') };
}

/** Whether a loop over the list meets nothing else: as many elements with parameters as there are names. */
function coversList(split: readonly Split[], report: Report): boolean {
  const lists = new Set(split.map((s) => `${s.before}.`));
  const elements = new Set<string>();
  for (const { name } of report.modules)
    for (const list of lists)
      if (name.startsWith(list)) elements.add(/^\d+/.exec(name.slice(list.length))?.[0] ?? name);
  const own = new Set(split.map((s) => /^\d+/.exec(s.rest)?.[0]));
  return elements.size <= own.size;
}

/** Writes lines about one parameter behind the definition that makes it, or makes a list of its like; false where that can't be. */
export function writeBehind(
  { range, names, report }: { readonly range: SourceRange; readonly names: readonly string[]; readonly report: Report },
  draft: Draft,
  lines: (tensor: string, sheet: Sheet) => Lines,
): boolean {
  const sheet = draft.sheet(range);
  const at = sheet && standing(sheet.document, sheet.document.pathTo(range));
  const defined = sheet && at && definedBy(sheet, at, names, report);
  if (!sheet || !at || !defined) return false;
  const tensor = pathExpression(defined.isList ? 'layer' : defined.target, defined.rest);
  if (tensor === undefined) return false;
  const block = lines(tensor, sheet);
  const all = defined.isList ? [`for layer in ${defined.target}:`, ...block.map((line) => `\t${line}`)] : block;
  return draft.add(insertAfter(sheet.document, at, all));
}

/** Draws what a definition makes, in lines behind it; how that is called, or nothing. */
export function drawBehind(
  {
    range,
    draw,
    weights,
    report,
  }: { readonly range: SourceRange; readonly draw: Draw; readonly weights: readonly Wanted[]; readonly report: Report },
  draft: Draft,
): Spelled | undefined {
  const sheet = draft.sheet(range);
  const at = sheet && standing(sheet.document, sheet.document.pathTo(range));
  const defined =
    sheet &&
    at &&
    definedBy(
      sheet,
      at,
      weights.map((w) => w.parameter.name),
      report,
    );
  if (!sheet || !at || !defined) return undefined;
  const base = defined.isList ? 'layer' : defined.target;
  const tensor = defined.rest === '' ? base : pathExpression(base, defined.rest);
  if (tensor === undefined) return undefined;
  const module = tensor.endsWith('.weight') ? tensor.replace(/\.weight$/, '') : undefined;
  const types = new Set(weights.map((w) => w.type));
  const type = types.size === 1 ? [...types][0] : 'several';
  const spelled = spell(draw, { tensor, module, type: module && type }, sheet);
  const lines = [callText(spelled, tensor, sheet.imports)];
  if (module !== undefined && weights.every((w) => freeBias(w, report) !== undefined))
    lines.push(`${sheet.imports.spell('torch.nn.init.zeros_')}(${module}.bias)`);
  const block: Lines = defined.isList
    ? [`for layer in ${defined.target}:`, ...lines.map((line) => `\t${line}`)]
    : lines;
  return draft.add(insertAfter(sheet.document, at, block)) ? spelled : undefined;
}
