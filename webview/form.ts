import { type Answer, problemWithEntry, problemWithInput, type Question } from '../src/protocol/question.js';
import { t } from '../src/protocol/l10n.js';
import { h } from './dom.js';

interface Options {
  readonly question: Question;
  /** The answer is to name the model, because there are others or what it is built with is asked. */
  readonly namesModel: boolean;
  /** Absent where the model can't be shown without an answer. */
  readonly onCancel?: (() => void) | undefined;
  readonly onAnswer: (answer: Answer) => void;
}

/** Asks for what can't be known from the source: the expression that builds a model, and the shape of its input. */
export class QuestionForm {
  readonly element: HTMLElement;
  private readonly entry: HTMLInputElement;
  private readonly input: HTMLInputElement;
  private readonly preview = h('code');
  private readonly outcome = h('div', { attributes: { role: 'alert' } });

  constructor(private readonly options: Options) {
    const { question, onCancel } = options;
    this.entry = textField('ask-entry', question.entry);
    this.input = textField('ask-input', question.input);
    const form = h(
      'form',
      { class: 'ask', attributes: { 'aria-labelledby': 'ask-title', novalidate: '' } },
      h('h2', {
        text: t('Say how {0} is built and used', question.className || question.about),
        attributes: { id: 'ask-title' },
      }),
      ...reasons(question),
      field(this.entry, t('Model'), t('A Python expression in the names of this file.')),
      field(
        this.input,
        t('Input shape'),
        t('Batch first; several inputs are separated by “;”. Empty: found by InitScope.'),
      ),
      h(
        'p',
        { class: 'ask-preview' },
        h('span', { class: 'muted', text: t('Written into the file as') }),
        ' ',
        this.preview,
      ),
      this.outcome,
      h(
        'div',
        { class: 'ask-actions' },
        h('button', { class: 'primary', text: t('Write Comment'), attributes: { type: 'submit' } }),
        onCancel &&
          h('button', { class: 'secondary', text: t('Cancel'), attributes: { type: 'button' }, onClick: onCancel }),
      ),
    );
    form.addEventListener('input', () => {
      this.check();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.element = form;
    this.check();
  }

  /** Whether it asks the same, so that what was typed may stay. */
  asks(question: Question, namesModel: boolean): boolean {
    return namesModel === this.options.namesModel && JSON.stringify(question) === JSON.stringify(this.options.question);
  }

  focus(): void {
    this.entry.focus();
    this.entry.select();
  }

  /** What came of the answer; `line` is for the user to copy. */
  report(problem: string, line: string | undefined): void {
    this.outcome.replaceChildren(
      h('p', { class: 'problem', text: problem }),
      ...(line === undefined ? [] : [h('p', {}, h('code', { class: 'copyable', text: line }))]),
    );
  }

  private answer(): Answer {
    const { question, namesModel } = this.options;
    const [entry, input] = [this.entry.value.trim(), this.input.value.trim()];
    return {
      ...((namesModel || entry !== question.about) && { entry }),
      ...(input !== '' && { input }),
    };
  }

  private check(): boolean {
    const problems = [
      mark(this.entry, problemWithEntry(this.entry.value)),
      mark(this.input, problemWithInput(this.input.value)),
    ];
    const { entry, input } = this.answer();
    const parts = [entry === undefined ? '' : ` entry=${entry}`, input === undefined ? '' : ` input=${input}`];
    this.preview.textContent = `# initscope:${parts.join('')}`;
    return problems.every((problem) => problem === undefined) && parts.join('') !== '';
  }

  private submit(): void {
    this.outcome.replaceChildren();
    if (this.check()) this.options.onAnswer(this.answer());
    else (this.entry.ariaInvalid === 'true' ? this.entry : this.input).focus();
  }
}

function textField(id: string, value: string): HTMLInputElement {
  const field = h('input', {
    attributes: {
      id,
      type: 'text',
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-describedby': `${id}-hint ${id}-problem`,
    },
  });
  field.value = value;
  return field;
}

function field(input: HTMLInputElement, label: string, hint: string): HTMLElement {
  return h(
    'div',
    { class: 'field' },
    h('label', { text: label, attributes: { for: input.id } }),
    input,
    h('p', { class: 'muted', text: hint, attributes: { id: `${input.id}-hint` } }),
    h('p', { class: 'problem', attributes: { id: `${input.id}-problem`, 'aria-live': 'polite' } }),
  );
}

function mark(field: HTMLInputElement, problem: string | undefined): string | undefined {
  field.ariaInvalid = String(problem !== undefined);
  const place = field.parentElement?.querySelector('.problem');
  if (place) place.textContent = problem ?? '';
  return problem;
}

/** What is not known, and why; a line each. */
function reasons({ missing, inputReason }: Question): HTMLElement[] {
  const items = [
    ...missing.map(({ name, reason, guess }) =>
      h('li', {}, h('code', { text: name }), `: ${t('{0}; {1} is a guess from its name', reason, guess)}`),
    ),
    ...(inputReason === undefined ? [] : [h('li', { text: t('the input: {0}', inputReason) })]),
  ];
  return items.length === 0 ? [] : [h('p', { text: t('Not known:') }), h('ul', {}, ...items)];
}
