// Writes l10n/bundle.l10n.json: every message, by which translations go; test/unit/l10n.test.ts holds it to the source.
import { writeFile } from 'node:fs/promises';
import { collectMessages } from './lib/messages.mjs';
import { fromRoot } from './lib/paths.mjs';

const { messages } = await collectMessages();
const bundle = Object.fromEntries(messages.map((message) => [message, message]));
await writeFile(fromRoot('l10n/bundle.l10n.json'), `${JSON.stringify(bundle, null, 2)}\n`);
console.log(`${messages.length} messages`);
