import type { Report, SourceRange } from '../src/protocol/model.js';
import type { PanelContent } from '../src/protocol/panel.js';
import { t } from '../src/protocol/l10n.js';
import { formatCount } from '../src/protocol/numbers.js';
import { type Verdict, verdict } from '../src/protocol/verdict.js';
import { entryPlace, frameworkNames, modelTitle } from '../src/protocol/words.js';
import { h } from './dom.js';
import { parameterCount } from './rows.js';

type Ready = Extract<PanelContent, { kind: 'ready' }>;

const marks: Readonly<Record<Verdict['tone'], string>> = { good: '✓', poor: '▲', bad: '✕', unknown: '?' };
const toneWords: Readonly<Record<Verdict['tone'], () => string>> = {
  good: () => t('Healthy'),
  poor: () => t('Caution'),
  bad: () => t('Problem'),
  unknown: () => t('Unknown'),
};

/** Which model is shown: a name, or a list to choose from when the file has several. */
export function picker(content: Ready, entry: string | undefined, onPick: (entry: string) => void): HTMLElement {
  const options = [
    ...content.reports.map((report) => ({ entry: report.entry, label: modelTitle(report) })),
    ...content.failed.map((failed) => ({
      entry: failed.entry,
      label: t('{0} (could not be built)', modelTitle(failed)),
    })),
  ];
  if (options.length <= 1) return h('h1', { class: 'model', text: options[0]?.label ?? '' });
  const select = h('select', { attributes: { 'aria-label': t('Model') } });
  for (const option of options) {
    const element = h('option', { text: option.label, attributes: { value: option.entry } });
    element.selected = option.entry === entry;
    select.append(element);
  }
  select.addEventListener('change', () => {
    onPick(select.value);
  });
  return h('h1', { class: 'model' }, select);
}

/** The input, with where its shape comes from. */
function inputWords({ input, inputFrom }: Report): string {
  const shapes = input.map((shape) => `(${shape.join(', ')})`).join(', ');
  if (shapes === '') return t('input unknown');
  switch (inputFrom) {
    case 'directive':
      return t('input {0}, from the initscope comment', shapes);
    case 'callSite':
      return t('input {0}, from a call in the file', shapes);
    case 'comment':
      return t('input {0}, from a comment', shapes);
    case 'layers':
      return t('input {0}, guessed from the first layers', shapes);
    default:
      return t('input {0}', shapes);
  }
}

/** Framework, where it is built so, size, input: one muted line, and the way to change what was assumed. */
export function facts(
  report: Report,
  on: { readonly reveal: (range: SourceRange) => void; readonly change: () => void },
): HTMLElement {
  const count = parameterCount(report);
  const { entryAt } = report;
  const place = entryPlace(report);
  const parts = [
    ...(entryAt === undefined || place === undefined
      ? []
      : [
          `${t('built')} `,
          link(place, () => {
            on.reveal(entryAt);
          }),
          ' · ',
        ]),
    frameworkNames[report.framework],
    count === undefined ? '' : ` · ${t('{0} parameters', formatCount(count))}`,
    ` · ${inputWords(report)} · `,
    link(t('change…'), on.change),
  ];
  return h('p', { class: 'facts' }, ...parts);
}

function link(text: string, onClick: () => void): HTMLElement {
  return h('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}

export function headline(report: Report): HTMLElement {
  const { tone, text, remedy } = verdict(report);
  return h(
    'div',
    { class: `verdict ${tone}` },
    h('span', { class: 'mark', text: marks[tone], attributes: { role: 'img', 'aria-label': toneWords[tone]() } }),
    h(
      'div',
      {},
      h('p', { class: 'headline', text }),
      remedy !== undefined && h('p', { class: 'remedy', text: remedy }),
    ),
  );
}
