import { parseToPanel } from '../src/protocol/panel.js';
import { speakAsHost } from './l10n.js';
import { Page } from './page.js';
import { readTheme, onThemeChange } from './theme.js';
import { post, savedState } from './vscodeApi.js';

declare global {
  interface Window {
    /** For tests: what the chart shows. */
    initscope?: Pick<Page, 'chartData'>;
  }
}

speakAsHost();
const page = new Page(document.getElementById('app') ?? document.body, savedState() ?? { uri: '' }, readTheme());
window.initscope = page;
onThemeChange(() => {
  page.retheme(readTheme());
});
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const parsed = parseToPanel(event.data);
  if (parsed.ok) page.receive(parsed.value);
  else post({ type: 'log', message: `a message was ignored: ${parsed.problem}` });
});
post({ type: 'ready' });
