import type { SourceRange } from '../src/protocol/model.js';
import type { PanelContent } from '../src/protocol/panel.js';
import { modelTitle } from '../src/protocol/words.js';
import { h } from './dom.js';

type Ready = Extract<PanelContent, { kind: 'ready' }>;

interface Note {
  readonly text: string;
  readonly range?: SourceRange | undefined;
}

/** What could not be read, built or known: why, and where. */
export function notes(
  content: Ready,
  entry: string | undefined,
  reveal: (range: SourceRange) => void,
): HTMLElement | undefined {
  const report = content.reports.find((r) => r.entry === entry);
  const problems: Note[] = [
    ...content.syntaxProblems.map(({ message, range }) => ({ text: `Could not be read: ${message}`, range })),
    ...content.failed
      .filter((failed) => failed.entry !== entry)
      .map((failed) => ({
        text: `${modelTitle(failed)} could not be built: ${failed.reason}`,
        range: failed.range ?? failed.definedAt,
      })),
  ];
  const unknown: Note[] = [...content.unknown, ...(report?.unknown ?? [])].map(({ reason, range }) => ({
    text: reason,
    range,
  }));
  const all = [...problems, ...unknown];
  if (all.length === 0) return undefined;
  const title = all.length === 1 ? '1 thing InitScope could not know' : `${all.length} things InitScope could not know`;
  const details = h('details', { class: 'notes' }, h('summary', { text: title }), list(all, reveal));
  details.open = problems.length > 0 || report === undefined;
  return details;
}

/** The page for a model that could not be built. */
export function failure(
  title: string,
  reason: string,
  range: SourceRange | undefined,
  reveal: (range: SourceRange) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'state' },
    h('p', { class: 'state-title', text: title }),
    h('p', {}, ...line({ text: reason, range }, reveal)),
  );
}

export function message(title: string, text: string): HTMLElement {
  return h('div', { class: 'state' }, h('p', { class: 'state-title', text: title }), h('p', { text }));
}

function list(items: readonly Note[], reveal: (range: SourceRange) => void): HTMLElement {
  return h('ul', {}, ...items.map((item) => h('li', {}, ...line(item, reveal))));
}

function line({ text, range }: Note, reveal: (range: SourceRange) => void): (Node | string)[] {
  if (range === undefined) return [text];
  const button = h('button', {
    class: 'link',
    text: `line ${range.line}`,
    attributes: { type: 'button' },
    onClick: () => {
      reveal(range);
    },
  });
  return [`${text} `, button];
}
