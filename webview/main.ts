import { parseToPanel } from '../src/protocol/panel.js';
import { listener } from '../src/protocol/parse.js';
import { speakAsHost } from './l10n.js';
import { Page } from './page.js';
import { readTheme, onThemeChange } from './theme.js';
import { post, savedState } from './vscodeApi.js';

declare global {
  interface Window {
    /** For tests: what the chart shows, and what would be taken away. */
    initscope?: Pick<Page, 'chartData' | 'taken'>;
  }
}

speakAsHost();
const page = new Page(document.getElementById('app') ?? document.body, savedState() ?? { uri: '' }, readTheme());
window.initscope = page;
onThemeChange(() => {
  page.retheme(readTheme());
});
const listen = listener(
  parseToPanel,
  (message) => {
    page.receive(message);
  },
  (problem) => {
    post({ type: 'log', message: `a message was ignored: ${problem}` });
  },
);
window.addEventListener('message', (event: MessageEvent<unknown>) => {
  listen(event.data);
});
post({ type: 'ready' });
