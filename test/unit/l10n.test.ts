import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { collectMessages } from '../../scripts/lib/messages.mjs';
import { speak, t, translationsIn } from '../../src/protocol/l10n.js';
import { verdict } from '../../src/protocol/verdict.js';
import { mlpInspection } from '../fixtures/mlp.js';

const root = new URL('../../', import.meta.url);
const { messages, problems } = await collectMessages();

afterEach(() => {
  speak(translationsIn({}));
});

describe('what is said', () => {
  it('stands in the bundle, message by message (npm run l10n writes it)', async () => {
    const bundle: unknown = JSON.parse(await readFile(new URL('l10n/bundle.l10n.json', root), 'utf8'));
    expect(Object.keys(bundle as object)).toEqual(messages);
  });

  it('has no word on a page or in the editor that cannot be translated', () => {
    expect(problems).toEqual([]);
  });

  it('goes by keys and names that the package has', async () => {
    const read = async (name: string): Promise<string> => readFile(new URL(name, root), 'utf8');
    const names = JSON.parse(await read('package.nls.json')) as Record<string, string>;
    const used = new Set([...(await read('package.json')).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    expect(Object.keys(names).filter((key) => !used.has(key))).toEqual([]);
    expect([...used].filter((key) => names[key ?? ''] === undefined)).toEqual([]);
  });

  it('is said in another language once that is known', () => {
    expect(t('{0} of {1}', 2, 3)).toBe('2 of 3');
    const [report] = mlpInspection().reports;
    if (report === undefined) throw new Error('no report');
    speak((message) => `«${message}»`);
    expect(verdict(report).text).toMatch(/^«/);
    speak(translationsIn({ '{0} of {1}': '{0} von {1}' }));
    expect(t('{0} of {1}', 2, 3)).toBe('2 von 3');
    expect(t('line {0}', 7)).toBe('line 7');
  });
});
