import type { SourceRange } from '../src/protocol/model.js';
import type { PanelState } from '../src/protocol/panel.js';
import { questionAbout } from '../src/protocol/question.js';
import { modelTitle } from '../src/protocol/words.js';
import { h } from './dom.js';
import { QuestionForm } from './form.js';
import { facts, headline, picker } from './header.js';
import { t } from '../src/protocol/l10n.js';
import { failure, message, notes } from './notes.js';
import { currentFailure, currentReport, hasNumbers, type PageState } from './state.js';
import { post } from './vscodeApi.js';

export interface HeadEvents {
  readonly keep: (change: Partial<PanelState>) => void;
  readonly reveal: (range: SourceRange) => void;
}

/** Which model, what is said of it in a sentence, what is asked, and what is not known. */
export class Head {
  readonly element = h('header', { class: 'head' });
  readonly notes = h('div');
  private readonly stateArea = h('div', { attributes: { role: 'status' } });
  private readonly verdictArea = h('div');
  private readonly askArea = h('div');
  readonly below = h('div', { class: 'below' }, this.verdictArea, this.stateArea, this.askArea);
  private form: QuestionForm | undefined;

  constructor(private readonly events: HeadEvents) {}

  show(state: PageState): void {
    const { content, kept } = state;
    const report = currentReport(state);
    const entry = report?.entry ?? kept.entry;
    const ask = (): void => {
      this.events.keep({ asking: true });
      this.focusForm();
    };
    const focused = document.activeElement?.matches('h1.model select') === true;
    this.element.replaceChildren(
      ...(content.kind === 'ready' && content.reports.length + content.failed.length > 0
        ? [
            picker(content, entry, (chosen) => {
              this.events.keep({ entry: chosen, layer: undefined, step: undefined });
            }),
            ...(report === undefined ? [] : [facts(report, { reveal: this.events.reveal, change: ask })]),
          ]
        : []),
    );
    if (focused) this.element.querySelector('select')?.focus();
    this.verdictArea.replaceChildren(...(report === undefined ? [] : [headline(report)]));
    this.stateArea.replaceChildren(...this.stateOf(state));
    this.notes.replaceChildren(
      ...(content.kind === 'ready' ? [notes(content, kept.path ?? '', entry, this.events.reveal) ?? ''] : []),
    );
    this.ask(state);
  }

  report(problem: string, line: string | undefined): void {
    this.form?.report(problem, line);
  }

  focusForm(): void {
    this.form?.focus();
  }

  private stateOf(state: PageState): Node[] {
    const { content } = state;
    if (content.kind === 'busy') return [h('h1', { class: 'busy', text: t('Reading the model…') })];
    if (content.kind === 'failed') return [message(t('InitScope stopped'), content.message)];
    // The verdict says that forward could not be followed, the form what is missing.
    if (currentReport(state) !== undefined) return [];
    const failed = currentFailure(state);
    if (failed !== undefined)
      return [
        failure(
          t('{0} could not be built', modelTitle(failed)),
          failed.reason,
          failed.range ?? failed.definedAt,
          state.kept.path ?? '',
          this.events.reveal,
        ),
      ];
    return [
      message(
        t('No model here'),
        t('InitScope looks for classes derived from nn.Module, and for models that the file builds.'),
      ),
    ];
  }

  /** The form, where something is asked or the user asked for it; what was typed stays while the question does. */
  private ask(state: PageState): void {
    const { content, kept } = state;
    const model = currentReport(state) ?? currentFailure(state);
    // Without any number to show, the form is the page.
    const isNeeded = model !== undefined && ('reason' in model || !hasNumbers(model));
    if (content.kind !== 'ready' || model === undefined || !(isNeeded || kept.asking === true)) {
      this.form = undefined;
      this.askArea.replaceChildren();
      return;
    }
    const question = questionAbout(model);
    const namesModel = content.reports.length + content.failed.length > 1 || question.missing.length > 0;
    if (this.form?.asks(question, namesModel) === true) return;
    this.form = new QuestionForm({
      question,
      namesModel,
      onCancel: isNeeded
        ? undefined
        : () => {
            this.events.keep({ asking: false });
          },
      onAnswer: (answer) => {
        if (answer.entry !== undefined) this.events.keep({ entry: answer.entry });
        post({ type: 'answer', about: question.about, ...answer });
      },
    });
    this.askArea.replaceChildren(this.form.element);
  }
}
