import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';

/** By its label, so that a control that is made anew can have the focus of the one before. */
function idOf(label: string): string {
  return `control-${label.replaceAll(/\s+/g, '-')}`;
}

/** A control under its label; what it says beside is what a slider stands at. */
export function labelled(label: string, control: HTMLElement, value?: HTMLElement): HTMLElement {
  control.id = idOf(label);
  const name = h('label', { text: label, attributes: { for: control.id } });
  return h('div', { class: 'control' }, name, control, value);
}

export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  change: (value: T) => void,
): HTMLElement {
  const select = h('select');
  for (const [value, text] of options) {
    const option = h('option', { text, attributes: { value } });
    option.selected = value === chosen;
    select.append(option);
  }
  select.addEventListener('change', () => {
    const found = options.find(([value]) => value === select.value);
    if (found !== undefined) change(found[0]);
  });
  return labelled(label, select);
}

export interface SliderOptions {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** The slider moves in powers of ten. */
  readonly log?: boolean;
  readonly show?: (value: number) => string;
}

export function slider(
  label: string,
  value: number,
  { low, high, step, log = false, show = String }: SliderOptions,
  change: (value: number) => void,
): HTMLElement {
  const to = (x: number): number => (log ? Math.log10(x) : x);
  const from = (x: number): number => (log ? Number((10 ** x).toPrecision(2)) : x);
  const input = h('input', {
    attributes: {
      type: 'range',
      min: String(to(low)),
      max: String(to(high)),
      step: String(step),
      value: String(to(value)),
      'aria-valuetext': show(value),
    },
  });
  const output = h('output', { class: 'value', text: show(value) });
  input.addEventListener('input', () => {
    const now = from(Number(input.value));
    output.textContent = show(now);
    input.setAttribute('aria-valuetext', show(now));
    change(now);
  });
  return labelled(label, input, output);
}

export function toggle(label: string, isOn: boolean, change: (value: boolean) => void): HTMLElement {
  const input = h('input', { attributes: { type: 'checkbox', id: idOf(label) } });
  input.checked = isOn;
  input.addEventListener('change', () => {
    change(input.checked);
  });
  return h('label', { class: 'control toggle' }, input, h('span', { text: label }));
}

export function wholeNumber(
  label: string,
  value: number,
  low: number,
  high: number,
  change: (value: number) => void,
): HTMLElement {
  const input = h('input', {
    attributes: { type: 'number', min: String(low), max: String(high), step: '1', value: String(value) },
  });
  input.addEventListener('change', () => {
    const given = Number(input.value);
    const now = Number.isFinite(given) ? Math.min(high, Math.max(low, Math.round(given))) : value;
    input.value = String(now);
    change(now);
  });
  return labelled(label, input);
}

/** Several of a set; at least one stays. */
export function several<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: readonly T[],
  most: number,
  change: (value: readonly T[]) => void,
): HTMLElement {
  const boxes = options.map(([value, text]) => {
    const input = h('input', { attributes: { type: 'checkbox', value, id: idOf(`${label} ${text}`) } });
    input.checked = chosen.includes(value);
    return { value, input, element: h('label', { class: 'toggle' }, input, h('span', { text })) };
  });
  for (const { input } of boxes)
    input.addEventListener('change', () => {
      const now = boxes.filter((box) => box.input.checked).map((box) => box.value);
      if (now.length === 0 || now.length > most) input.checked = !input.checked;
      else change(now);
    });
  return h(
    'fieldset',
    { class: 'control several' },
    h('legend', { text: label }),
    ...boxes.map(({ element }) => element),
  );
}

/** Sizes as a text, `300, 300, 10`; what is no list of whole numbers in range is told and not taken. */
export function sizeList(
  label: string,
  sizes: readonly number[],
  { least, most, widest }: { readonly least: number; readonly most: number; readonly widest: number },
  change: (value: number[]) => void,
): HTMLElement {
  const input = h('input', { attributes: { type: 'text', value: sizes.join(', '), spellcheck: 'false' } });
  const problem = h('span', { class: 'problem', attributes: { role: 'alert' } });
  input.addEventListener('change', () => {
    const parts = input.value.split(/[\s,]+/).filter((part) => part !== '');
    const numbers = parts.map(Number);
    const isFine =
      numbers.length >= least &&
      numbers.length <= most &&
      numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= widest);
    problem.textContent = isFine
      ? ''
      : t('{0} to {1} whole numbers from 1 to {2}, with commas between', least, most, widest);
    input.setAttribute('aria-invalid', String(!isFine));
    if (isFine) change(numbers);
  });
  return labelled(label, input, problem);
}
