import { formatNumber } from '../../src/protocol/numbers.js';
import { h } from '../dom.js';

let count = 0;

function labelled(label: string, control: HTMLElement, ...more: HTMLElement[]): HTMLElement {
  control.id = `control-${++count}`;
  return h('div', { class: 'control' }, h('label', { text: label, attributes: { for: control.id } }), control, ...more);
}

export function button(text: string, kind: 'link' | 'primary' | 'secondary', onClick: () => void): HTMLButtonElement {
  return h('button', { class: kind, text, attributes: { type: 'button' }, onClick });
}

export function select(
  label: string,
  options: readonly { readonly value: string; readonly label: string }[],
  onChange: (value: string) => void,
) {
  const control = h(
    'select',
    {},
    ...options.map(({ value, label: text }) => h('option', { text, attributes: { value } })),
  );
  control.addEventListener('change', () => {
    onChange(control.value);
  });
  return {
    element: labelled(label, control),
    set(value: string): void {
      if (control.value !== value) control.value = value;
    },
  };
}

export function numberField(name: string, label: string, onChange: (value: number | undefined) => void) {
  const control = h('input', { attributes: { type: 'number', step: 'any', name } });
  control.addEventListener('change', () => {
    onChange(control.value === '' ? undefined : control.valueAsNumber);
  });
  const element = labelled(label, control);
  return {
    element,
    name(text: string): void {
      const own = element.querySelector('label');
      if (own !== null) own.textContent = text;
    },
    set(value: number | undefined): void {
      const text = value === undefined ? '' : String(value);
      // What is being typed stays.
      if (control !== document.activeElement || control.value === '') control.value = text;
    },
  };
}

export function checkbox(label: string, onChange: (isOn: boolean) => void) {
  const control = h('input', { attributes: { type: 'checkbox' } });
  control.addEventListener('change', () => {
    onChange(control.checked);
  });
  const element = labelled(label, control);
  element.classList.add('check');
  return {
    element,
    set(isOn: boolean, isDisabled: boolean): void {
      control.checked = isOn;
      control.disabled = isDisabled;
    },
  };
}

/** On a scale of its own; `valueAt` turns the slider's place into the value. */
export function slider(
  label: string,
  [min, max, step]: readonly [number, number, number],
  valueAt: (place: number) => number,
  onChange: (value: number, isLive: boolean) => void,
) {
  const control = h('input', {
    attributes: { type: 'range', min: String(min), max: String(max), step: String(step), value: '0' },
  });
  const output = h('output', { class: 'slider-value' });
  const value = (): number => Number(valueAt(control.valueAsNumber).toPrecision(3));
  const tell = (x: number): void => {
    const text = `×${formatNumber(x)}`.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    output.textContent = text;
    control.setAttribute('aria-valuetext', text);
  };
  control.addEventListener('input', () => {
    tell(value());
    onChange(value(), true);
  });
  control.addEventListener('change', () => {
    onChange(value(), false);
  });
  return {
    element: labelled(label, control, output),
    set(place: number, shown: number): void {
      if (control.valueAsNumber !== place) control.value = String(place);
      tell(shown);
    },
  };
}
