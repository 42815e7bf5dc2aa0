import type { SourceRange } from '../src/protocol/model.js';
import type { PanelContent } from '../src/protocol/panel.js';
import { lineText, modelTitle } from '../src/protocol/words.js';
import { t } from '../src/protocol/l10n.js';
import { h } from './dom.js';

type Ready = Extract<PanelContent, { kind: 'ready' }>;

interface Note {
  readonly text: string;
  readonly range?: SourceRange | undefined;
}

/** What could not be read, built or known: why, and where. */
export function notes(
  content: Ready,
  file: string,
  entry: string | undefined,
  reveal: (range: SourceRange) => void,
): HTMLElement | undefined {
  const report = content.reports.find((r) => r.entry === entry);
  const problems: Note[] = [
    ...content.syntaxProblems.map(({ message, range }) => ({ text: t('Could not be read: {0}', message), range })),
    ...content.failed
      .filter((failed) => failed.entry !== entry)
      .map((failed) => ({
        text: t('{0} could not be built: {1}', modelTitle(failed), failed.reason),
        range: failed.range ?? failed.definedAt,
      })),
  ];
  const unknown: Note[] = [...content.unknown, ...(report?.unknown ?? [])].map(({ reason, range }) => ({
    text: reason,
    range,
  }));
  const all = [...problems, ...unknown];
  if (all.length === 0) return undefined;
  const title =
    all.length === 1 ? t('1 thing InitScope could not know') : t('{0} things InitScope could not know', all.length);
  const details = h('details', { class: 'notes' }, h('summary', { text: title }), list(all, file, reveal));
  details.open = problems.length > 0 || report === undefined;
  return details;
}

/** The page for a model that could not be built. */
export function failure(
  title: string,
  reason: string,
  range: SourceRange | undefined,
  file: string,
  reveal: (range: SourceRange) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'state' },
    h('h2', { class: 'state-title', text: title }),
    h('p', {}, ...line({ text: reason, range }, file, reveal)),
  );
}

/** A page that has nothing else to show. */
export function message(title: string, text: string): HTMLElement {
  return h('div', { class: 'state' }, h('h1', { class: 'state-title', text: title }), h('p', { text }));
}

function list(items: readonly Note[], file: string, reveal: (range: SourceRange) => void): HTMLElement {
  return h('ul', {}, ...items.map((item) => h('li', {}, ...line(item, file, reveal))));
}

function line({ text, range }: Note, file: string, reveal: (range: SourceRange) => void): (Node | string)[] {
  if (range === undefined) return [text];
  const button = h('button', {
    class: 'link',
    text: lineText(range, file),
    attributes: { type: 'button' },
    onClick: () => {
      reveal(range);
    },
  });
  return [`${text} `, button];
}
