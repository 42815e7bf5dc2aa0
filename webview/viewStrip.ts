import { h } from './dom.js';
import { t } from '../src/protocol/l10n.js';

export type ViewName = 'signal' | 'lab';

/** The strip at the head of both pages: each is an editor of its own, and the other one is a click away. */
export function viewStrip(current: ViewName, onOther: () => void): HTMLElement {
  const labels: Readonly<Record<ViewName, string>> = { signal: t('Signal'), lab: t('Lab') };
  const button = (name: ViewName): HTMLElement =>
    h('button', {
      text: labels[name],
      attributes: { type: 'button', ...(name === current && { 'aria-current': 'page' }) },
      onClick: () => {
        if (name !== current) onOther();
      },
    });
  return h(
    'nav',
    { class: 'views', attributes: { 'aria-label': t('Views of InitScope') } },
    button('signal'),
    button('lab'),
  );
}
