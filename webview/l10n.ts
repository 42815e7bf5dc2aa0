import { speak, translationsIn } from '../src/protocol/l10n.js';

/** The host hands VS Code's bundle over with the page. */
export function speakAsHost(): void {
  speak(translationsIn(bundle()));
}

function bundle(): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(document.documentElement.dataset['l10n'] ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, string>) : {};
  } catch {
    return {};
  }
}
