import { h } from '../dom.js';
import { t } from '../../src/protocol/l10n.js';

export const exportKinds = ['png', 'svg', 'csv', 'json', 'markdown', 'pytorch'] as const;
export type ExportKind = (typeof exportKinds)[number];

const labels: Readonly<Record<ExportKind, () => string>> = {
  png: () => t('Save chart as PNG…'),
  svg: () => t('Save chart as SVG…'),
  csv: () => t('Save table as CSV…'),
  json: () => t('Save report as JSON…'),
  markdown: () => t('Copy as Markdown'),
  pytorch: () => t('Copy as PyTorch check'),
};

/** A button with what can be taken away: a list that Escape closes. */
export function exportMenu(onExport: (kind: ExportKind) => void): HTMLElement {
  const list = h('div', { class: 'menu-list', attributes: { role: 'menu', 'aria-label': t('Export') } });
  const opener = h('button', {
    class: 'secondary',
    text: t('Export'),
    attributes: { type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
  });
  const element = h('div', { class: 'menu' }, opener, list);
  const items = exportKinds.map((kind) =>
    h('button', {
      text: labels[kind](),
      attributes: { type: 'button', role: 'menuitem', tabindex: '-1', 'data-kind': kind },
      onClick: () => {
        open(false);
        onExport(kind);
      },
    }),
  );
  list.append(...items);
  list.hidden = true;
  const open = (isOpen: boolean): void => {
    list.hidden = !isOpen;
    opener.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) items[0]?.focus();
    else opener.focus();
  };
  opener.addEventListener('click', () => {
    open(list.hidden === true);
  });
  element.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    const at = items.findIndex((item) => item === document.activeElement);
    if (event.key === 'Escape') open(false);
    else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
  });
  element.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) {
      list.hidden = true;
      opener.setAttribute('aria-expanded', 'false');
    }
  });
  return element;
}
