import type { FailedEntry } from '../core/inspect.js';
import type { ConstructorArgument, LeafModule, Report } from '../core/model/index.js';
import { t } from './l10n.js';
import { likelySize, likelyValue } from './likelySizes.js';
import { layerParameters } from './words.js';

/** What the user is asked about a model: which arguments, which input; filled in as well as can be guessed. */
export interface Question {
  /** The model, by the entry it has now. */
  readonly about: string;
  readonly className: string;
  /** Expression that builds the model. */
  readonly entry: string;
  /** Shapes as they are written in a directive. */
  readonly input: string;
  /** Arguments that are not known, and why; `guess` is what `entry` has for them. */
  readonly missing: readonly { readonly name: string; readonly reason: string; readonly guess: string }[];
  /** Why the input's shape is not known. */
  readonly inputReason?: string | undefined;
}

export function questionAbout(model: Report | FailedEntry): Question {
  const given = model.arguments ?? [];
  const missing = given.flatMap(({ name, value, reason }) =>
    value === undefined ? [{ name, reason: reason ?? t('not known'), guess: likelyValue(name) ?? '64' }] : [],
  );
  return {
    about: model.entry,
    className: model.className,
    entry: entryFor(model, given),
    input: 'reason' in model ? '' : inputFor(model),
    missing,
    inputReason: 'reason' in model ? undefined : inputReason(model),
  };
}

/** Whether there is something that only the user can know. */
export function isOpen(model: Report | FailedEntry): boolean {
  if ('reason' in model) return true;
  const { arguments: given = [], layers } = model;
  return layers.length === 0 || given.some(({ value }) => value === undefined) || inputReason(model) !== undefined;
}

/** The model's own entry, or its constructor with what is known of the arguments and likely values for the rest. */
function entryFor(model: Report | FailedEntry, given: readonly ConstructorArgument[]): string {
  if (given.length === 0 || model.className === '') return model.entry;
  const values = given.map(({ name, value }) => `${name}=${value ?? likelyValue(name) ?? '64'}`);
  return `${model.className}(${values.join(', ')})`;
}

function inputFor(report: Report): string {
  if (report.input.length > 0)
    return report.input
      .map((shape) => shape.map((d) => (typeof d === 'number' ? d : likelySize(d))).join(','))
      .join(';');
  for (const module of report.modules) {
    const shape = acceptedBy(module, report);
    if (shape !== undefined) return shape.join(',');
  }
  return '1,3,224,224';
}

/** A shape that a model can be given which starts with this layer. */
function acceptedBy(module: LeafModule, report: Report): number[] | undefined {
  const { weight } = layerParameters(module, report);
  const [, second] = weight?.shape ?? [];
  if (weight === undefined || second === undefined) return undefined;
  const features = typeof second === 'number' ? second : likelySize(second);
  const dimensions = /^Conv(\d)d/.exec(module.type)?.[1];
  if (dimensions !== undefined) return [1, features, ...Array.from({ length: Number(dimensions) }, () => 32)];
  if (module.type.startsWith('Embedding')) return [1, 16];
  if (/^(RNN|LSTM|GRU)$/.test(module.type)) return [1, 16, features];
  return /^Linear$/.test(module.type) ? [1, features] : undefined;
}

function inputReason({ input, inputFrom, layers }: Report): string | undefined {
  const unknown = [...new Set(input.flat().filter((d) => typeof d === 'string'))];
  if (unknown.length > 0) return t('its size {0} is not known', unknown.join(', '));
  if (inputFrom === 'none' || input.length === 0)
    return t('nothing in the file shows a tensor that it is given, and no shape that was tried goes through forward');
  return layers.length === 0 ? t('with this one forward could not be followed') : undefined;
}

/** What the user has answered. */
export interface Answer {
  /** Absent: as it is. */
  readonly entry?: string | undefined;
  readonly input?: string | undefined;
}

/** What is wrong with an expression or a shape, in a sentence; `undefined` when nothing is. */
export function problemWithEntry(entry: string): string | undefined {
  if (entry.trim() === '') return t('Write an expression that builds the model, such as Net(784, 10).');
  if (/[\r\n]/.test(entry)) return t('The expression must stand on one line.');
  return isBalanced(entry) ? undefined : t('A bracket or a quote is not closed.');
}

export function problemWithInput(input: string): string | undefined {
  if (input.trim() === '') return undefined;
  return input.split(';').every((shape) => /^\s*[[(]?\s*[1-9]\d*(\s*,\s*[1-9]\d*)*\s*,?\s*[\])]?\s*$/.test(shape))
    ? undefined
    : t('Write sizes as whole numbers, such as 1,3,224,224; several inputs are separated by “;”.');
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  const bare = text.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '');
  for (const c of bare) {
    if ('([{'.includes(c)) open.push(c);
    else if (c in closing && open.pop() !== closing[c]) return false;
  }
  return open.length === 0 && !/['"]/.test(bare);
}
