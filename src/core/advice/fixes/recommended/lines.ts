import type { Report } from '../../../model/index.js';
import type { Wanted } from '../draw.js';
import type { Sheet } from '../draft.js';
import type { Lines } from '../source/lines.js';
import { callText, spell, type Target } from '../spell.js';
import type { Exception, TypeRule } from './plan.js';

/** `layers.0.weight` of `self` as Python finds it: `self.layers[0].weight`; undefined where a part is no name. */
export function pathExpression(base: string, name: string): string | undefined {
  let path = base;
  if (name === '') return base;
  for (const part of name.split('.')) {
    if (/^\d+$/.test(part)) path += `[${part}]`;
    else if (/^[A-Za-z_]\w*$/.test(part)) path += `.${part}`;
    else return undefined;
  }
  return path;
}

/** The branch of an initializer for all modules of some types. */
export function typeLines(
  { types, draw, bias }: TypeRule,
  sheet: Sheet,
  module: string,
  keyword: 'if' | 'elif',
): Lines {
  const { imports } = sheet;
  const names = types.map((type) => imports.spell(`torch.nn.${type}`));
  const target: Target = { tensor: `${module}.weight`, module, type: types.length === 1 ? types[0] : 'several' };
  const zeros = `${imports.spell('torch.nn.init.zeros_')}(${module}.bias)`;
  return [
    `${keyword} isinstance(${module}, ${names.length === 1 ? names[0]! : `(${names.join(', ')})`}):`,
    `\t${callText(spell(draw, target, sheet), target.tensor, imports)}`,
    ...(bias === 'all' ? [`\t${zeros}`] : []),
    ...(bias === 'some' ? [`\tif ${module}.bias is not None:`, `\t\t${zeros}`] : []),
  ];
}

/** Up to so many lines say it one by one; with more, a loop over names says it better. */
const FEW = 2;
const MANY = 8;

export interface Writing {
  readonly report: Report;
  readonly sheet: Sheet;
  /** The model, as it is named there. */
  readonly model: string;
  readonly withBias: boolean;
}

/** Lines that draw some weights by their names; undefined where that would take too many. */
export function exceptionLines(exceptions: readonly Exception[], writing: Writing): Lines | undefined {
  const single: string[] = [];
  const loop: string[] = [];
  for (const exception of exceptions) {
    const { draw, weights } = exception;
    const isMany = weights.length > FEW;
    const list = isMany ? listLines(exception, writing) : undefined;
    const named = list === undefined && isMany ? namedLines(exception, writing, loop.length === 0) : undefined;
    if (named) loop.push(...named);
    else if (list) single.push(...list);
    else if (weights.length > MANY) return undefined;
    else
      for (const w of weights) {
        const lines = weightLines({ draw, w }, writing);
        if (lines === undefined) return undefined;
        single.push(...lines);
      }
  }
  return loop.length === 0 ? single : [...single, `for name, p in ${writing.model}.named_parameters():`, ...loop];
}

/** Branches of a loop over `named_parameters()`: `if name.endswith("fc2.weight"):`. */
function namedLines(
  { draw, weights }: Exception,
  { report, sheet, withBias }: Writing,
  isFirst: boolean,
): Lines | undefined {
  const suffixes = suffixesOf(weights, report);
  if (suffixes === undefined || (draw.kind === 'scaled' && draw.mode === 'strided')) return undefined;
  const { quote } = sheet.document;
  const ends = (all: readonly string[]): string => {
    const written = all.map((s) => `${quote}${s}${quote}`).join(', ');
    return `name.endswith(${all.length === 1 ? written : `(${written})`}):`;
  };
  const isMatrix = weights.every((w) => w.parameter.shape.length === 2);
  const call = callText(
    spell(draw, { tensor: 'p', type: isMatrix ? undefined : 'several' }, sheet),
    'p',
    sheet.imports,
  );
  const lines = [`\t${isFirst ? 'if' : 'elif'} ${ends(suffixes)}`, `\t\t${call}`];
  if (!withBias || !weights.every((w) => freeBias(w, report) !== undefined)) return lines;
  const zeros = `${sheet.imports.spell('torch.nn.init.zeros_')}(p)`;
  return [...lines, `\telif ${ends(suffixes.map((s) => s.replace(/weight$/, 'bias')))}`, `\t\t${zeros}`];
}

/** `for layer in self.down:`, where the weights are those of all elements of one list. */
function listLines({ draw, weights }: Exception, { report, sheet, model, withBias }: Writing): Lines | undefined {
  const parts = weights.map((w) => /^(.+)\.\d+\.((?:.+\.)?weight)$/.exec(w.parameter.name));
  const [, list, rest] = parts[0] ?? [];
  if (list === undefined || rest === undefined || !parts.every((p) => p?.[1] === list && p[2] === rest))
    return undefined;
  const elements = new Set(
    report.modules.filter((m) => m.name.startsWith(`${list}.`)).map((m) => m.name.slice(list.length + 1).split('.')[0]),
  );
  const path = pathExpression(model, list);
  const tensor = pathExpression('layer', rest);
  if (path === undefined || tensor === undefined || elements.size !== weights.length) return undefined;
  const module = tensor.replace(/\.weight$/, '');
  const types = new Set(weights.map((w) => w.type));
  const spelled = spell(draw, { tensor, module, type: types.size === 1 ? [...types][0] : 'several' }, sheet);
  const lines = [`for layer in ${path}:`, `\t${callText(spelled, tensor, sheet.imports)}`];
  if (withBias && weights.every((w) => freeBias(w, report) !== undefined))
    lines.push(`\t${sheet.imports.spell('torch.nn.init.zeros_')}(${module}.bias)`);
  return lines;
}

/** Lines for one weight, and for its bias. */
export function weightLines(
  { draw, w }: { readonly draw: Exception['draw']; readonly w: Wanted },
  { report, sheet, model, withBias }: Writing,
): Lines | undefined {
  const tensor = pathExpression(model, w.parameter.name);
  if (tensor === undefined) return undefined;
  const module = tensor.endsWith('.weight') ? tensor.replace(/\.weight$/, '') : undefined;
  const lines = [callText(spell(draw, { tensor, module, type: module && w.type }, sheet), tensor, sheet.imports)];
  const bias = withBias ? freeBias(w, report) : undefined;
  const biasPath = bias === undefined ? undefined : pathExpression(model, bias);
  if (biasPath !== undefined) lines.push(`${sheet.imports.spell('torch.nn.init.zeros_')}(${biasPath})`);
  return lines;
}

/** Name of a weight's bias where nobody has set it, and zero is what it wants: biases spread the phases of sines. */
export function freeBias({ recommended }: Wanted, report: Report): string | undefined {
  if (recommended.init === 'siren_uniform') return undefined;
  const bias = recommended.bias === undefined ? undefined : report.parameters[recommended.bias];
  return bias === undefined || bias.setBy.range !== undefined || bias.unregistered ? undefined : bias.name;
}

/** More kinds of layers than this by their names, and a list of them says no more what is meant. */
const KINDS = 4;

/** Ends of names that all of some weights have, and no other parameter: one for each kind of layer. */
function suffixesOf(weights: readonly Wanted[], report: Report): string[] | undefined {
  const suffixes = new Set<string>();
  for (const { parameter } of weights) {
    const parts = parameter.name.split('.');
    const isOwn = (suffix: string): boolean =>
      !report.parameters.some(
        (p) => !p.unregistered && p.name.endsWith(suffix) && !weights.some((w) => w.parameter === p),
      );
    const suffix = parts.map((_, i) => parts.slice(-1 - i).join('.')).find(isOwn);
    if (suffix === undefined) return undefined;
    suffixes.add(suffix);
    if (suffixes.size > KINDS) return undefined;
  }
  return [...suffixes].filter((s) => ![...suffixes].some((t) => t !== s && s.endsWith(t)));
}
